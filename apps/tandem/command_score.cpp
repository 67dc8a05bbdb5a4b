#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <memory>

#include "commands.h"
#include "config_arguments.h"
#include "console.h"
#include "progress_line.h"
#include "tandem/core/interrupted.h"
#include "tandem/core/machine.h"
#include "tandem/core/printable.h"
#include "tandem/core/stop_on_signal.h"
#include "tandem/label/judge_teacher.h"
#include "tandem/label/open_teacher.h"
#include "tandem/learn/learner.h"
#include "tandem/score/forgetting.h"
#include "tandem/score/teacher_scores.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

struct ScoreArguments {
  ConfigArguments config;
  std::string out;
  bool show_config = false;
};

void check_absent(const std::string& out) {
  if (fs::exists(out)) {
    throw std::invalid_argument(out + " is there already; choose another --out or delete it");
  }
}

/// Quantiles of the scores in a line for each class.
void print_scores(const SampleScores& scores, const Dataset& dataset) {
  fmt::print("{:<24} {:>8} {:>10} {:>10} {:>10}\n", scores.score, "samples", "lowest", "median",
             "highest");
  for (std::int64_t label = 0; label < dataset.class_count(); ++label) {
    const torch::Tensor own = scores.values.masked_select(dataset.labels().eq(label));
    if (own.numel() > 0) {
      fmt::print(
          "{:<24} {:>8} {:>10.4g} {:>10.4g} {:>10.4g}\n",
          printable(dataset.class_names()[static_cast<std::size_t>(label)], LineEnds::kShown),
          own.numel(), own.min().item<double>(), own.median().item<double>(),
          own.max().item<double>());
    }
  }
}

void write(SampleScores scores, const DataConfig& data, const Dataset& dataset,
           const std::string& out, const std::string& command) {
  scores.notes["command"] = command;
  scores.notes["split"] = split_text(data);
  write_scores(out, scores);
  print_scores(scores, dataset);
  fmt::print("scores: {}\n", printable(out));
}

using TeacherScore =
    std::function<SampleScores(Teacher&, const Splits&, const OnProgress&, std::stop_token)>;

void score_by_teacher(const ScoreArguments& arguments, const Invocation& invocation,
                      const TeacherScore& score) {
  const StopOnSignal stop;
  TeacherScoreConfig config;
  arguments.config.table().read_into(config);
  check_scored(config.data);
  if (arguments.show_config) {
    fmt::print("{}", config_text(config));
    return;
  }
  if (config.teacher.empty()) {
    throw std::invalid_argument(
        "score: who scores? name a checkpoint, e.g. "
        "teacher=runs/teachers/strong.safetensors");
  }
  check_threads(config.threads, "threads");
  check_absent(arguments.out);
  at::set_num_threads(static_cast<int>(config.threads));
  const Splits splits = load_splits(config.data);
  const std::shared_ptr<Teacher> teacher =
      open_teacher(TeacherRef::parse(config.teacher, parse_ensemble_mean(config.ensemble)),
                   config.data, splits.train, parse_device(config.device, "device"));
  for (const std::string& sentence : judge_teacher(*teacher, config.teacher, splits.validation)) {
    tell("{}\n", printable(sentence));
  }
  SampleScores scores;
  {
    ProgressLine line("score");
    const std::string samples = fmt::format("{} samples", splits.train.size());
    scores = score(
        *teacher, splits, [&](const Progress& progress) { line.update(progress.share(), samples); },
        stop.token());
  }
  scores.notes["teacher"] = config.teacher;
  write(std::move(scores), config.data, splits.train, arguments.out, invocation.command);
}

/// Steps of all runs on one line.
class RunProgress : public FitObserver {
 public:
  void on_step(const Progress& progress) override {
    line_.update(progress.share(), fmt::format("{}/{} steps", progress.done, progress.total));
  }

 private:
  ProgressLine line_{"score"};
};

void score_by_forgetting(const ScoreArguments& arguments, const Invocation& invocation) {
  const StopOnSignal stop;
  ForgettingConfig config;
  arguments.config.table().read_into(config);
  check_scored(config.data);
  if (arguments.show_config) {
    fmt::print("{}", config_text(config));
    return;
  }
  check_absent(arguments.out);
  const Splits splits = load_splits(config.data);
  SampleScores scores;
  {
    RunProgress progress;
    scores = score_forgetting(config, splits, progress, stop.token());
  }
  write(std::move(scores), config.data, splits.train, arguments.out, invocation.command);
}

/// Says of an interruption that nothing was kept.
void or_nothing(const std::function<void()>& work) {
  try {
    work();
  } catch (const Interrupted&) {
    throw Interrupted("interrupted; no scores were written");
  }
}

std::shared_ptr<ScoreArguments> add_score(CLI::App& score, const std::string& name,
                                          const std::string& what, const std::string& example,
                                          const std::string& footer) {
  auto arguments = std::make_shared<ScoreArguments>();
  CLI::App* command = score.add_subcommand(name, what);
  add_config_arguments(*command, arguments->config, "config file", example);
  command->add_option("--out", arguments->out, "the file of scores")
      ->default_str("runs/" + name + ".safetensors");
  arguments->out = "runs/" + name + ".safetensors";
  command->add_flag("--show-config", arguments->show_config,
                    "print every key with its value, and do nothing");
  command->footer(footer + "\nCtrl-C ends it cleanly and writes nothing.");
  return arguments;
}

}  // namespace

void add_score_command(CLI::App& app, const Invocation& invocation) {
  CLI::App* score = app.add_subcommand(
      "score", "give each training sample a number to choose by: how hard, how typical");
  score->require_subcommand(1);
  score->footer(
      "Examples:\n"
      "  tandem score confidence data.validation=2000 teacher=runs/teachers/strong.safetensors\n"
      "  tandem train trials/student.toml data.fraction=0.1 data.choose=hardest \\\n"
      "      data.scores=runs/confidence.safetensors");

  const auto by_teacher = [&](const std::string& name, const std::string& what,
                              const std::string& footer, const TeacherScore& function) {
    const auto arguments =
        add_score(*score, name, what, "teacher=runs/teachers/strong.safetensors", footer);
    score->get_subcommand(name)->callback([arguments, invocation, function] {
      or_nothing([&] { score_by_teacher(*arguments, invocation, function); });
    });
  };
  by_teacher("confidence", "a teacher's probability of the true class, on canonical views",
             "Example:\n"
             "  tandem score confidence data.validation=2000 \\\n"
             "      teacher=runs/teachers/strong.safetensors --out runs/confidence.safetensors\n"
             "Low is hard, high is easy, near the median of the class is typical.",
             score_confidence);
  by_teacher(
      "herding", "place in the herding order of a teacher's features, class by class",
      "Example:\n"
      "  tandem score herding data.validation=2000 \\\n"
      "      teacher=runs/teachers/strong.safetensors --out runs/herding.safetensors\n"
      "Low is typical: the first samples' mean is nearest to that of the class. It does not\n"
      "say what is hard.",
      score_herding);

  const auto arguments = add_score(
      *score, "forgetting", "how often training forgets a sample that it had learnt",
      "train.epochs=10",
      "Example:\n"
      "  tandem score forgetting data.validation=2000 model.name=convnet3 model.width=16 \\\n"
      "      train.epochs=5 seeds='[0, 1]' --out runs/forgetting.safetensors\n"
      "High is hard, 0 is easy, near the median of the class is typical. A sample that was never\n"
      "right counts as many as it has visits. The mean is taken over one training per seed.");
  score->get_subcommand("forgetting")->callback([arguments, invocation] {
    or_nothing([&] { score_by_forgetting(*arguments, invocation); });
  });
}

}  // namespace tandem
