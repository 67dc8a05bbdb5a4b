#include "decode_progress.h"

#include <fmt/format.h>

#include "console.h"
#include "tandem/core/interrupted.h"
#include "tandem/core/printable.h"
#include "tandem/dataset/image_report.h"
#include "tandem/sample/splits.h"

namespace tandem {
namespace {

void decode(const DataConfig& data, Split split, const std::stop_token& stop) {
  ImageReport report;
  LoadOptions options = load_options(data);
  options.report = &report;
  {
    ProgressLine line("decode");
    options.on_progress = decode_progress(line, stop);
    load_dataset(data.name, split, options);
  }
  if (!report.bad.empty()) {
    tell("{} {}: {} of {} pictures are used, {} file(s) left out, e.g. {}: {}\n", data.name,
         split == Split::kTrain ? "train" : "test", report.used, report.listed, report.bad.size(),
         printable(report.bad.front().file, LineEnds::kShown),
         printable(report.bad.front().word, LineEnds::kShown));
  }
}

}  // namespace

OnProgress decode_progress(ProgressLine& line, const std::stop_token& stop) {
  return [&line, stop](const Progress& progress) {
    if (stop.stop_requested()) {
      throw Interrupted();
    }
    line.update(progress.share(), progress.what);
  };
}

void decode_pictures(const DataConfig& data, bool with_test, const std::stop_token& stop) {
  if (!dataset_info(data.name).of_pictures) {
    return;
  }
  decode(data, Split::kTrain, stop);
  if (with_test) {
    decode(data, Split::kTest, stop);
  }
}

}  // namespace tandem
