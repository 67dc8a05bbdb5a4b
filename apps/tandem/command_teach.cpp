#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands.h"
#include "config_arguments.h"
#include "decode_progress.h"
#include "fit_progress.h"
#include "hold_folder.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/folder_checksums.h"
#include "tandem/core/stop_on_signal.h"
#include "tandem/study/ladder.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// What a file for `tandem teach` holds: the ladder's keys and a [data] table.
struct TeachConfig {
  LadderConfig ladder;
  DataConfig data;

  void visit(ConfigVisitor& visitor) {
    ladder.visit(visitor);
    visitor.section("data", data);
  }
};

struct TeachArguments {
  ConfigArguments config;
  std::string out;
};

void teach(const TeachArguments& arguments) {
  const StopOnSignal stop;
  TeachConfig config;
  arguments.config.table().read_into(config);
  const fs::path folder(arguments.out);
  const FolderLock lock = hold_folder(folder, stop);
  decode_pictures(config.data, false, stop.token());
  const Splits splits = load_splits(config.data);
  std::vector<TeacherRecord> ladder;
  {
    FitProgress progress("teach");
    ladder = train_ladder(config.ladder, config.data, splits, folder, progress, stop.token());
  }
  if (!fs::exists(folder / "config.toml")) {
    change_files(folder, "delete the folder, and its teachers are trained anew",
                 [&] { write_file_atomically(folder / "config.toml", config_text(config)); });
  }
  for (const TeacherRecord& rung : ladder) {
    fmt::print("{:<12} step {:>6}  {:>7.1f} s  validation top-1 {:.2f} %  {}\n", rung.name,
               rung.step, rung.train_s, rung.validation_top1_pct,
               rung_path(folder, rung.name).string());
  }
}

}  // namespace

void add_teach_command(CLI::App& app) {
  auto arguments = std::make_shared<TeachArguments>();
  CLI::App* teach_app = app.add_subcommand("teach", "train a ladder of teachers, weak to strong");
  add_config_arguments(*teach_app, arguments->config, "ladder file", "train.rate=0.1");
  teach_app->add_option("--out", arguments->out, "folder of the checkpoints")->required();
  teach_app->footer("Example:\n  tandem teach teachers/fashion-mnist.toml --out runs/teachers");
  teach_app->callback([arguments] { teach(*arguments); });
}

}  // namespace tandem
