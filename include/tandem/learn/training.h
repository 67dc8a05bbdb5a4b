#pragma once

#include <cstdint>
#include <vector>

#include "tandem/dataset/normalisation.h"
#include "tandem/learn/learner.h"
#include "tandem/learn/rate_schedule.h"
#include "tandem/view/batch_source.h"
#include "tandem/view/view_config.h"

namespace tandem {

/// What decides a training besides its samples and its targets.
struct TrainingSetup {
  std::int64_t seed = 0;  ///< of initial weights, order of samples and, unless views says, views
  ViewConfig views;
  ModelConfig model;
  LossConfig loss;
  TrainConfig train;
};

/// The targets that a training is to learn from, as far as the model and the loss must know.
struct TargetForm {
  std::vector<Content> contents;  ///< of all mappings
  std::int64_t width = 0;         ///< scalars per target
};

/// A training, set up and ready to take its first step: model with its initial weights, loss,
/// optimiser, batches and rates, all of one config. For one seed the weights, the batches and the
/// views are the same whatever the targets are; a wider target head changes no other weight.
class Training {
 public:
  /// Learns from `samples`. Sets the number of threads that LibTorch computes with, which is one
  /// for the whole process, to config.train.threads. Throws std::invalid_argument for what a config
  /// cannot say.
  Training(const TrainingSetup& config, const Dataset& samples, const Normalisation& normalisation,
           const TargetForm& targets);

  const TrainConfig& train_config() const { return config_; }
  std::int64_t steps() const { return steps_; }
  const RateSchedule& rates() const { return rates_; }

  Model& model() { return learner_.model(); }
  Learner& learner() { return learner_; }
  BatchSource& batches() { return batches_; }

 private:
  TrainConfig config_;
  std::int64_t steps_;
  RateSchedule rates_;
  BatchSource batches_;
  Learner learner_;
};

}  // namespace tandem
