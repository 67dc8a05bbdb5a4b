#include "trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "samples_notes.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/folder_checksums.h"
#include "tandem/core/folder_entries.h"
#include "tandem/learn/evaluate.h"
#include "tandem/learn/learner.h"
#include "tandem/model/layout.h"
#include "tandem/model/model_text.h"
#include "tandem/model/weights.h"
#include "tandem/record/selection.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr const char* kConfigFile = "config.toml";
constexpr const char* kCheckpointFile = "checkpoint.safetensors";
constexpr const char* kWeightsFolder = "weights";

fs::path weights_path(const fs::path& folder, std::int64_t step) {
  return folder / kWeightsFolder / fmt::format("step-{:06}.safetensors", step);
}

/// Keeps the weights of every evaluation until it is known which of them are selected.
class WeightKeeper : public FitObserver {
 public:
  WeightKeeper(const fs::path& folder, const Normalisation& normalisation,
               std::map<std::string, std::string> notes, FitObserver& next)
      : folder_(folder), normalisation_(normalisation), notes_(std::move(notes)), next_(next) {}

  void on_step(const Progress& progress) override { next_.on_step(progress); }

  void on_evaluation(const Evaluation& evaluation, Model& model) override {
    note_look(notes_, evaluation);
    save_model(weights_path(folder_, evaluation.step), model, normalisation_, notes_);
    next_.on_evaluation(evaluation, model);
  }

 private:
  fs::path folder_;
  Normalisation normalisation_;
  std::map<std::string, std::string> notes_;
  FitObserver& next_;
};

void keep_only(const fs::path& folder, const std::vector<std::int64_t>& steps) {
  std::set<fs::path> kept;
  for (const std::int64_t step : steps) {
    kept.insert(weights_path(folder, step));
  }
  if (!fs::exists(folder / kWeightsFolder)) {
    return;
  }
  for (const fs::path& path : entries_in(folder / kWeightsFolder)) {
    if (!kept.contains(path)) {
      fs::remove(path);
    }
  }
}

}  // namespace

TrialRecord run_trial(const TrialRun& run, FitObserver& observer, std::stop_token stop) {
  const TrialConfig& config = run.config;
  const std::vector<std::string>& rules = config.target.switches;
  if (run.mappings.size() != rules.size() + 1) {
    throw std::invalid_argument(
        fmt::format("run_trial: target.switch has {} rules and makes {} mappings, got {}",
                    rules.size(), rules.size() + 1, run.mappings.size()));
  }
  fs::path partial = run.folder;
  partial += ".partial";
  write_file_atomically(partial / kConfigFile, config_text(config));

  Training training(training_of(config), run.splits.train, run.splits.normalisation,
                    target_form(plan_mappings(config.target), run.mappings.width()));
  WeightKeeper keeper(partial, run.splits.normalisation, notes_on_samples(config.data), observer);
  const FitResult result =
      fit(training, run.mappings,
          {.validation = &run.splits.validation, .checkpoint = partial / kCheckpointFile}, keeper,
          stop);

  TrialRecord record = run.begun;
  record.rate = config.train.rate;
  record.seed = static_cast<std::uint64_t>(config.seed);
  record.outcome = result.diverged ? "diverged" : "finished";
  record.message = result.message;
  record.parameters = parameter_count(training.model());
  record.evaluations = result.state.evaluations;
  const std::vector<std::int64_t>& switched = result.state.switches.steps;
  for (std::size_t k = 0; k < switched.size(); ++k) {
    record.switches.push_back(
        {.step = switched[k], .rule = rules[k], .phase = static_cast<std::int64_t>(k) + 1});
  }
  keep_only(partial, final_steps(record, run.budgets));
  write_file_atomically(trial_record_path(partial), to_json(record));
  write_checksums(partial, {kCheckpointFile});
  rename_durably(partial, run.folder);
  finish_trial(run.folder);
  return record;
}

std::vector<std::int64_t> final_steps(const TrialRecord& record,
                                      const std::vector<std::int64_t>& budgets) {
  std::set<std::int64_t> steps;
  for (const std::int64_t budget : budgets) {
    if (evaluation_at(record, budget) != nullptr) {
      steps.insert(budget);
      steps.insert(selected_step(record, budget));
    }
  }
  return {steps.begin(), steps.end()};
}

TrialRecord test_trial(const TrainConfig& train, const Dataset& test,
                       const std::vector<std::int64_t>& steps, const fs::path& folder) {
  at::set_num_threads(static_cast<int>(train.threads));
  const torch::Device device = parse_device(train.device, "train.device");
  TrialRecord record = read_trial(folder);
  finish_trial(folder);
  check_files(folder, kTrainAnew);
  for (const std::int64_t step : steps) {
    const bool known = std::any_of(record.tests.begin(), record.tests.end(),
                                   [&](const TestResult& result) { return result.step == step; });
    if (known) {
      continue;
    }
    if (!fs::exists(weights_path(folder, step))) {
      throw std::runtime_error(fmt::format(
          "{}: the weights of step {} were not kept (keep_weights = false, or other budgets then); "
          "delete this folder and run the study again",
          folder.string(), step));
    }
    const TrainedModel trained = load_model(weights_path(folder, step));
    trained.model->to(device);
    use_fast_layout(*trained.model);
    const Metrics metrics = evaluate(*trained.model, test, trained.normalisation, device);
    record.tests.push_back({.step = step, .loss = metrics.loss, .top1_pct = metrics.top1_pct});
  }
  std::sort(record.tests.begin(), record.tests.end(),
            [](const TestResult& a, const TestResult& b) { return a.step < b.step; });
  change_files(folder, kTrainAnew,
               [&] { write_file_atomically(trial_record_path(folder), to_json(record)); });
  return record;
}

void finish_trial(const fs::path& folder) {
  fs::remove(folder / kCheckpointFile);
  if (!has_checksums(folder)) {
    write_checksums(folder);
  }
}

void drop_weights(const fs::path& folder) {
  if (fs::exists(folder / kWeightsFolder)) {
    change_files(folder, kTrainAnew, [&] { fs::remove_all(folder / kWeightsFolder); });
  }
}

}  // namespace tandem
