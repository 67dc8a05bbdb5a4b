#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "commands.h"
#include "config_arguments.h"
#include "console.h"
#include "decode_progress.h"
#include "progress_line.h"
#include "seconds_text.h"
#include "store_text.h"
#include "tandem/core/machine.h"
#include "tandem/core/number_text.h"
#include "tandem/core/printable.h"
#include "tandem/core/stop_on_signal.h"
#include "tandem/jobs/worker_pool.h"
#include "tandem/label/labelling.h"
#include "tandem/label/run_label.h"
#include "tandem/target/target_store.h"
#include "worker_command.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

struct LabelArguments {
  ConfigArguments config;
  std::string out = "runs/targets.safetensors";
  bool show_config = false;
  std::size_t workers = default_workers();
  std::string served_store;  ///< set in a worker process
  pid_t parent = 0;
};

/// A line for each thing that is done in turn, with targets a second.
class LabelProgressLine {
 public:
  void update(const Progress& progress) {
    if (!line_ || progress.what != what_) {
      what_ = progress.what;
      line_.emplace("label");
      begin_ = std::chrono::steady_clock::now();
      before_ = progress.done;
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
    const auto rate = static_cast<std::int64_t>(static_cast<double>(progress.done - before_) /
                                                std::max(elapsed.count(), 1e-3));
    line_->update(progress.share(), fmt::format("{}/{} {}, {}/s", grouped(progress.done),
                                                grouped(progress.total), what_, grouped(rate)));
  }

 private:
  std::optional<ProgressLine> line_;
  std::string what_;
  std::int64_t before_ = 0;
  std::chrono::steady_clock::time_point begin_;
};

void label(const LabelArguments& arguments, const Invocation& invocation) {
  const StopOnSignal stop;
  LabelConfig config;
  arguments.config.table().read_into(config);
  config = resolve(config);
  if (arguments.show_config) {
    fmt::print("{}", config_text(config));
    return;
  }
  const fs::path store(arguments.out);
  const LabelOptions options{
      .workers = arguments.workers,
      .worker_command = worker_command(invocation, {"label", "--serve", store.string()}),
      .command = invocation.command,
      .on_note = [](const std::string& note) { tell("{}\n", printable(note)); }};
  decode_pictures(config.data, false, stop.token());
  bool made = false;
  {
    LabelProgressLine line;
    made = run_label(
        config, store, options, [&](const Progress& progress) { line.update(progress); },
        stop.token());
  }
  fmt::print("{}{}", made ? "" : "there already: ", store_text(store));
  fmt::print("teacher {}\n", seconds_text(labelling_seconds(store)));
}

void serve(const LabelArguments& arguments) {
  end_with_parent(arguments.parent);
  const StopOnSignal stop(WorkerPatience{}.end);
  serve_label_jobs(arguments.served_store, stop.token());
}

}  // namespace

void add_label_command(CLI::App& app, const Invocation& invocation) {
  auto arguments = std::make_shared<LabelArguments>();
  CLI::App* command =
      app.add_subcommand("label", "let a teacher answer once and store its targets");
  add_config_arguments(*command, arguments->config, "label file", "store.encoding=u8");
  command->add_option("--out", arguments->out, "the store's file");
  command
      ->add_option("--workers", arguments->workers,
                   "worker processes (default: what the machine has room for); the bytes do not "
                   "depend on it")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
  command->add_flag("--show-config", arguments->show_config,
                    "print every key with its value, and do nothing");
  command->add_option("--serve", arguments->served_store)->group("");  // not for people
  command->add_option("--parent", arguments->parent)->group("");
  command->footer(
      "Examples:\n"
      "  tandem teach teachers/fashion-mnist.toml --out runs/teachers\n"
      "  tandem label data.validation=2000 target.granularity=sample target.content=probs \\\n"
      "      target.teacher=runs/teachers/strong.safetensors --out runs/sample.safetensors\n"
      "  tandem label data.validation=2000 target.granularity=view store.epochs=10 \\\n"
      "      store.encoding=u8 target.content=probs target.temperature=4 \\\n"
      "      target.teacher=runs/teachers/strong.safetensors --out runs/view.safetensors\n"
      "  tandem train trials/student.toml target.store=runs/sample.safetensors\n"
      "Keys: target.granularity is class, cluster:K, sample, pool:K or view; target.content\n"
      "probs, logits or features (target.pca=D keeps D components); target.fusion canonical\n"
      "or mean:M; target.teacher_views same, canonical or a policy; store.encoding fp32, fp16,\n"
      "u8, top-k:K:fp16 or top-k:K:u8. A teacher is a checkpoint of `tandem teach` or a TOML\n"
      "file that describes weights or a TorchScript module; 'a.safetensors+b.safetensors' is an\n"
      "ensemble. Loading a TorchScript module runs the code in its file: open only files you\n"
      "trust.\n"
      "Ctrl-C keeps what is done; the same command goes on from there.");
  command->callback([arguments, invocation] {
    if (!arguments->served_store.empty()) {
      serve(*arguments);
      return;
    }
    label(*arguments, invocation);
  });
}

}  // namespace tandem
