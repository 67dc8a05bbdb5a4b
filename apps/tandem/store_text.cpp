#include "store_text.h"

#include <fmt/format.h>

#include "tandem/core/printable.h"
#include "tandem/target/target_store.h"

namespace tandem {

std::string store_text(const std::filesystem::path& path) {
  const TargetStore store(path);
  const StoreDescription& d = store.description();
  std::string text = fmt::format("{}\n", path.string());
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("  {:<12} {}\n", name, value);
  };
  line("targets", fmt::format("{} of {} {}", store.count(), d.width, text_of(d.content)));
  const std::string granularity = d.granularity.text();
  line("granularity", d.fusion ? fmt::format("{}, {}", granularity, d.fusion->text())
                      : d.granularity.pool() > 0
                          ? granularity
                          : fmt::format("{}, {} epochs", granularity, d.epochs));
  if (d.content == Content::kProbs) {
    line("temperature", fmt::format("{}", d.temperature));
  }
  line("encoding",
       fmt::format("{}, {} bytes per target, {} bytes in all", d.encoding.text(),
                   bytes_per_target(d.encoding, d.content, d.width), store.file_size()));
  line("samples", fmt::format("{} of {}, {} classes, {}x{}x{}, fingerprint {}", d.samples,
                              d.dataset, d.classes, d.image_shape.channels, d.image_shape.height,
                              d.image_shape.width, d.dataset_fingerprint.hex()));
  line("teacher", fmt::format("{}, fingerprint {}", d.teacher, d.teacher_fingerprint.hex()));
  line("views", fmt::format("{}, seed {}", d.views, d.view_seed));
  return printable(text);
}

}  // namespace tandem
