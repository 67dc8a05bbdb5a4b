#include "tandem/learn/training.h"

#include <ATen/Parallel.h>

#include <memory>

#include "tandem/model/initialise.h"

namespace tandem {
namespace {

Learner make_learner(const TrainingSetup& config, const Dataset& samples,
                     const TargetForm& targets) {
  const Loss loss(config.loss, targets.contents);
  auto model = std::make_shared<Model>(config.model, samples.image_shape(),
                                       HeadWidths{.classes = samples.class_count(),
                                                  .target = loss.target_head_width(targets.width)});
  initialise(*model, static_cast<std::uint64_t>(config.seed));
  return Learner(std::move(model), loss, config.train);
}

BatchSource make_batches(const TrainingSetup& config, const Dataset& samples,
                         const Normalisation& normalisation) {
  return BatchSource(samples, ViewPolicy::parse(config.views.policy), normalisation,
                     {.size = config.train.batch,
                      .order_seed = static_cast<std::uint64_t>(config.seed),
                      .view_seed = view_seed(config.views, config.seed),
                      .pool = config.views.pool});
}

/// Before the model is built, so that its memory is the right threads'.
TrainConfig with_threads(const TrainConfig& config) {
  check(config);
  at::set_num_threads(static_cast<int>(config.threads));
  return config;
}

}  // namespace

Training::Training(const TrainingSetup& config, const Dataset& samples,
                   const Normalisation& normalisation, const TargetForm& targets)
    : config_(with_threads(config.train)),
      steps_(total_steps(config_, samples.size())),
      rates_(config_, steps_),
      batches_(make_batches(config, samples, normalisation)),
      learner_(make_learner(config, samples, targets)) {}

}  // namespace tandem
