#include "tandem/study/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "tandem/learn/evaluate.h"
#include "tandem/learn/learner.h"
#include "tandem/model/initialise.h"
#include "tandem/model/layout.h"
#include "tandem/model/weights.h"
#include "tandem/record/selection.h"
#include "tandem/target/switch_rule.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr const char* kRecordFile = "record.json";
constexpr const char* kConfigFile = "config.toml";
constexpr const char* kCheckpointFile = "checkpoint.safetensors";
constexpr const char* kWeightsFolder = "weights";

fs::path weights_path(const fs::path& folder, std::int64_t step) {
  return folder / kWeightsFolder / fmt::format("step-{:06}.safetensors", step);
}

/// Keeps the weights of every evaluation until it is known which of them are selected.
class WeightKeeper : public FitObserver {
 public:
  WeightKeeper(const fs::path& folder, const Normalisation& normalisation, FitObserver& next)
      : folder_(folder), normalisation_(normalisation), next_(next) {}

  void on_step(std::int64_t done, std::int64_t total) override { next_.on_step(done, total); }

  void on_evaluation(const Evaluation& evaluation, Model& model) override {
    save_model(weights_path(folder_, evaluation.step), model, normalisation_);
    next_.on_evaluation(evaluation, model);
  }

 private:
  fs::path folder_;
  Normalisation normalisation_;
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
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder / kWeightsFolder)) {
    found.push_back(entry.path());
  }
  for (const fs::path& path : found) {
    if (!kept.contains(path)) {
      fs::remove(path);
    }
  }
}

}  // namespace

ReadySchedule::ReadySchedule(MappingSchedule schedule, double seconds)
    : mappings(std::move(schedule)), labelling_s(seconds) {}

ReadySchedule::ReadySchedule(ReadyMapping ready)
    : mappings(std::vector<MappingPhase>{{.mapping = std::move(ready.mapping)}}),
      labelling_s(ready.labelling_s) {}

Loss make_loss(const TrialConfig& config) {
  std::vector<Content> contents;
  for (const TargetConfig& phase : phases(config.target)) {
    contents.push_back(parse_content(phase.content));
  }
  return Loss(config.loss, contents);
}

std::shared_ptr<Model> make_student(const TrialConfig& config, const Splits& splits,
                                    std::int64_t target_width) {
  auto model =
      std::make_shared<Model>(config.model, splits.train.image_shape(), splits.train.class_count(),
                              make_loss(config).target_head_width(target_width));
  initialise(*model, static_cast<std::uint64_t>(config.seed));
  return model;
}

BatchSource make_batches(const TrialConfig& config, const Splits& splits) {
  return BatchSource(splits.train, ViewPolicy::parse(config.views.policy), splits.normalisation,
                     {.size = config.train.batch,
                      .order_seed = static_cast<std::uint64_t>(config.seed),
                      .view_seed = view_seed(config),
                      .pool = config.views.pool});
}

TrialRecord run_trial(const TrialConfig& config, const Splits& splits, ReadySchedule ready,
                      const std::vector<std::int64_t>& budgets, const fs::path& folder,
                      const std::function<void(TrialRecord&)>& complete, FitObserver& observer,
                      std::stop_token stop) {
  const std::vector<std::string>& rules = config.target.switches;
  if (ready.mappings.size() != rules.size() + 1) {
    throw std::invalid_argument(
        fmt::format("run_trial: target.switch has {} rules and makes {} mappings, got {}",
                    rules.size(), rules.size() + 1, ready.mappings.size()));
  }
  fs::path partial = folder;
  partial += ".partial";
  write_file_atomically(partial / kConfigFile, config_text(config));
  at::set_num_threads(static_cast<int>(config.train.threads));

  const std::shared_ptr<Model> model = make_student(config, splits, ready.mappings.width());
  Learner learner(model, make_loss(config), config.train);
  BatchSource batches = make_batches(config, splits);
  WeightKeeper keeper(partial, splits.normalisation, observer);
  const FitPlan plan{.train = config.train,
                     .validation = &splits.validation,
                     .checkpoint = partial / kCheckpointFile};
  const FitResult result = fit(learner, batches, ready.mappings, plan, keeper, stop);

  TrialRecord record{.rate = config.train.rate,
                     .seed = static_cast<std::uint64_t>(config.seed),
                     .outcome = result.diverged ? "diverged" : "finished",
                     .message = result.message,
                     .parameters = parameter_count(*model),
                     .labelling_s = ready.labelling_s,
                     .evaluations = result.progress.evaluations};
  const std::vector<std::int64_t>& switched = result.progress.switches.steps;
  for (std::size_t k = 0; k < switched.size(); ++k) {
    record.switches.push_back(
        {.step = switched[k], .rule = rules[k], .phase = static_cast<std::int64_t>(k) + 1});
  }
  complete(record);
  keep_only(partial, final_steps(record, budgets));
  write_file_atomically(partial / kRecordFile, trial_to_json(record));
  rename_durably(partial, folder);
  fs::remove(folder / kCheckpointFile);
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

TrialRecord test_trial(const TrialConfig& config, const Dataset& test,
                       const std::vector<std::int64_t>& steps, const fs::path& folder) {
  at::set_num_threads(static_cast<int>(config.train.threads));
  const torch::Device device = parse_device(config.train.device);
  TrialRecord record = read_trial(folder);
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
    const Score score = evaluate(*trained.model, test, trained.normalisation, device);
    record.tests.push_back({.step = step, .loss = score.loss, .top1_pct = score.top1_pct});
  }
  std::sort(record.tests.begin(), record.tests.end(),
            [](const TestResult& a, const TestResult& b) { return a.step < b.step; });
  write_file_atomically(folder / kRecordFile, trial_to_json(record));
  return record;
}

TrialRecord read_trial(const fs::path& folder) {
  const fs::path path = folder / kRecordFile;
  return trial_from_json(read_file(path), path.string());
}

void drop_weights(const fs::path& folder) {
  fs::remove_all(folder / kWeightsFolder);
}

}  // namespace tandem
