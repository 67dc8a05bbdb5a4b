#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands.h"
#include "config_arguments.h"
#include "console.h"
#include "decode_progress.h"
#include "fit_progress.h"
#include "hold_folder.h"
#include "seconds_text.h"
#include "tandem/core/printable.h"
#include "tandem/core/stop_on_signal.h"
#include "tandem/label/student_store.h"
#include "tandem/record/selection.h"
#include "tandem/study/run_study.h"
#include "tandem/study/single_trial.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

struct TrainArguments {
  ConfigArguments config;
  std::string out = "runs/train";
  bool show_config = false;
};

void print_switches(const TrialRecord& record, const TrialConfig& config) {
  for (const SwitchRecord& change : record.switches) {
    fmt::print("mapping {} in force from step {}: {}\n", change.phase, change.step,
               printable(change.rule));
  }
  const std::vector<std::string>& rules = config.target.switches;
  for (std::size_t k = record.switches.size(); k < rules.size(); ++k) {
    fmt::print("mapping {} was not reached: {}\n", k + 1, printable(rules[k]));
  }
}

void print_result(const TrialRecord& record, const TrialConfig& config, const fs::path& folder) {
  if (record.outcome != "finished") {
    throw std::runtime_error(
        fmt::format("the trial diverged: {} ({})", record.message, folder.string()));
  }
  const std::int64_t last = record.evaluations.back().step;
  const std::int64_t selected = selected_step(record, last);
  for (const TestResult& test : record.tests) {
    fmt::print("test top-1 {:.2f} %  loss {:.4f}  at step {}{}\n", test.top1_pct, test.loss,
               test.step,
               test.step == last       ? " (last)"
               : test.step == selected ? " (best validation)"
                                       : "");
  }
  print_switches(record, config);
  const Evaluation& end = record.evaluations.back();
  fmt::print("{} parameters, {:.1f} s of training, of which teacher {:.1f} s; labelling {}\n",
             record.parameters, end.train_s, end.teacher_s, seconds_text(record.labelling_s));
  fmt::print("record: {}\n", printable((folder / "record.json").string()));
}

/// Shows the one trial and what comes before it.
class TrainProgress : public StudyObserver {
 public:
  void on_stage(const std::string& name, std::size_t, std::size_t) override {
    if (name == "label" || name == "train") {
      line_.emplace(name);
    }
  }
  void on_progress(const PoolProgress& progress) override {
    if (line_) {
      line_->on_share(progress.share);
    }
  }
  void on_evaluation(const Evaluation& evaluation) override {
    if (line_) {
      line_->on_look(evaluation);
    }
  }
  void on_stage_end(std::size_t) override { line_.reset(); }
  void on_note(const std::string& text) override { tell("{}\n", printable(text)); }

 private:
  std::optional<FitProgress> line_;
};

void train(const TrainArguments& arguments, const Invocation& invocation) {
  const StopOnSignal stop;
  TrialConfig config;
  arguments.config.table().read_into(config);
  config.target = take_from_store(config.target);
  config = resolve(config);
  if (arguments.show_config) {
    fmt::print("{}", config_text(config));
    return;
  }
  decode_pictures(config.data, true, stop.token());
  const auto data = std::make_shared<DataCache>();
  const std::int64_t samples = data->splits(config.data).train.size();
  const StudyPlan plan = plan_single_trial(config, total_steps(config.train, samples));
  const StudyFolder folder{fs::path(arguments.out)};
  const FolderLock lock = hold_folder(folder.root(), stop);
  TrainProgress progress;
  const StudyRecord study = run_study(plan, folder, {.command = invocation.command, .data = data},
                                      progress, stop.token());
  if (!study.failures.empty()) {
    throw std::runtime_error(study.failures.front().reason);
  }
  const TrialRecord& trial = study.trials.front();
  print_result(trial, plan.trials.front().config, folder.trial(trial.id));
}

}  // namespace

void add_train_command(CLI::App& app, const Invocation& invocation) {
  auto arguments = std::make_shared<TrainArguments>();
  CLI::App* command = app.add_subcommand("train", "train one student and read the test split");
  add_config_arguments(*command, arguments->config, "trial file", "train.rate=0.1");
  command->add_option("--out", arguments->out, "folder of the results");
  command->add_flag("--show-config", arguments->show_config,
                    "print every key with its value, and do nothing");
  command->footer(
      "Examples:\n"
      "  tandem train trials/fashion-mnist-baseline.toml\n"
      "  tandem train model.name=mlp train.epochs=2 train.rate=0.05\n"
      "  tandem train trials/fashion-mnist-baseline.toml target.granularity=view "
      "target.content=probs \\\n"
      "      target.teacher=runs/teachers/strong.safetensors\n"
      "  tandem train trials/student.toml target.store=runs/view.safetensors\n"
      "Loading a teacher that is a TorchScript module runs the code in its file: name only files\n"
      "you trust.");
  command->callback([arguments, invocation] { train(*arguments, invocation); });
}

}  // namespace tandem
