#include "tandem/score/forgetting.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/target/mapping.h"

namespace tandem {
namespace {

/// One-hot targets, which ask the model about each batch before it learns from it.
class WatchedMapping : public Mapping {
 public:
  WatchedMapping(Learner& learner, std::int64_t classes, ForgettingCounts& counts)
      : learner_(learner), inner_(class_mapping(classes)), counts_(counts) {}

  Target targets(const Batch& batch) override {
    const at::NoGradGuard no_grad;
    learner_.model().eval();
    const torch::Tensor said =
        learner_.model().forward(batch.images.to(learner_.device())).argmax(1).to(torch::kCPU);
    learner_.model().train();
    const torch::Tensor correct = said.eq(batch.labels).contiguous();
    for (std::size_t row = 0; row < batch.indices.size(); ++row) {
      counts_.visit(batch.indices[row], correct.data_ptr<bool>()[row]);
    }
    return inner_->targets(batch);
  }
  std::int64_t width() const override { return inner_->width(); }

 private:
  Learner& learner_;
  std::unique_ptr<Mapping> inner_;
  ForgettingCounts& counts_;
};

/// Steps over all runs.
class ForgettingProgress : public FitObserver {
 public:
  ForgettingProgress(std::size_t run, std::size_t runs, FitObserver& next)
      : run_(static_cast<std::int64_t>(run)), runs_(static_cast<std::int64_t>(runs)), next_(next) {}
  void on_step(const Progress& progress) override {
    next_.on_step({run_ * progress.total + progress.done, runs_ * progress.total, progress.what});
  }

 private:
  std::int64_t run_, runs_;
  FitObserver& next_;
};

void check_forgetting(const ForgettingConfig& config, std::int64_t samples) {
  const std::int64_t steps = total_steps(config.train, samples);
  TrainConfig two_visits = config.train;
  two_visits.steps = two_visits.samples = 0;
  two_visits.epochs = 2;
  if (steps < total_steps(two_visits, samples)) {
    throw std::invalid_argument(fmt::format(
        "score forgetting: forgetting shows from the second visit on; {} steps of {} make less "
        "than two visits of {} samples; set train.epochs = 2 or more",
        steps, config.train.batch, samples));
  }
  if (config.seeds.empty() || *std::min_element(config.seeds.begin(), config.seeds.end()) < 0) {
    throw std::invalid_argument("score forgetting: seeds must be a list of integers >= 0");
  }
  if (ViewPolicy::parse(config.views.policy).mixes()) {
    throw std::invalid_argument(
        "score forgetting: a mixture of samples is neither right nor wrong; leave mixing out of "
        "views.policy");
  }
}

TrainingSetup setup_of(const ForgettingConfig& config, std::int64_t seed) {
  TrainingSetup setup;
  setup.seed = seed;
  setup.views = config.views;
  setup.model = config.model;
  setup.train = config.train;
  setup.loss.form = "direct";
  return setup;
}

torch::Tensor count_one_run(const ForgettingConfig& config, const Splits& splits, std::int64_t seed,
                            FitObserver& observer, std::stop_token stop) {
  const std::int64_t classes = splits.train.class_count();
  Training training(setup_of(config, seed), splits.train, splits.normalisation,
                    {{Content::kOneHot}, classes});
  ForgettingCounts counts(splits.train.size());
  WatchedMapping mapping(training.learner(), classes, counts);
  const FitResult result = fit(training, mapping, {}, observer, stop);
  if (result.diverged) {
    throw std::runtime_error(fmt::format(
        "score forgetting: the run of seed {} diverged: {}; try a smaller train.rate (now {})",
        seed, result.message, config.train.rate));
  }
  return counts.counts();
}

}  // namespace

ForgettingCounts::ForgettingCounts(std::int64_t samples)
    : samples_(static_cast<std::size_t>(samples)) {}

void ForgettingCounts::visit(std::int64_t index, bool correct) {
  History& sample = samples_.at(static_cast<std::size_t>(index));
  ++sample.visits;
  sample.events += sample.correct && !correct ? 1 : 0;
  sample.learnt = sample.learnt || correct;
  sample.correct = correct;
}

torch::Tensor ForgettingCounts::counts() const {
  std::int32_t most = 0;
  for (const History& sample : samples_) {
    most = std::max(most, sample.visits);
  }
  std::vector<float> counts;
  for (const History& sample : samples_) {
    counts.push_back(static_cast<float>(sample.learnt ? sample.events : most));
  }
  return torch::tensor(counts);
}

void ForgettingConfig::visit(ConfigVisitor& visitor) {
  visitor.field("seeds", seeds);
  visitor.section("data", data);
  visitor.section("views", views);
  visitor.section("model", model);
  visitor.section("train", train);
}

SampleScores score_forgetting(const ForgettingConfig& config, const Splits& splits,
                              FitObserver& observer, std::stop_token stop) {
  check_forgetting(config, splits.train.size());
  torch::Tensor sum = torch::zeros({splits.train.size()});
  for (std::size_t run = 0; run < config.seeds.size(); ++run) {
    ForgettingProgress progress(run, config.seeds.size(), observer);
    sum += count_one_run(config, splits, config.seeds[run], progress, stop);
  }
  return {.score = "forgetting",
          .values = sum / static_cast<double>(config.seeds.size()),
          .samples = splits.train_indices,
          .hard = "high",
          .typical = "median",
          .dataset = splits.train.name(),
          .dataset_fingerprint = splits.train.fingerprint(),
          .notes = {{"seeds", fmt::format("{}", fmt::join(config.seeds, " "))},
                    {"config", config_text(config)}}};
}

}  // namespace tandem
