#pragma once

#include <cstdint>

#include "tandem/core/config.h"
#include "tandem/learn/training.h"
#include "tandem/sample/data_config.h"
#include "tandem/target/mapping_plan.h"

namespace tandem {

/// One training of a student, completely described: equal configs give equal results.
struct TrialConfig {
  std::int64_t seed = 0;  ///< of initial weights, batch order and views
  DataConfig data;
  ViewConfig views;
  ModelConfig model;
  TargetConfig target;
  LossConfig loss;
  TrainConfig train;

  void visit(ConfigVisitor& visitor);
};

/// Resolves the target and what it asks of the views: `pool:K` needs a pool of K. Throws
/// std::invalid_argument.
TrialConfig resolve(TrialConfig config);

/// The trial without its samples and targets.
TrainingSetup training_of(const TrialConfig& trial);

/// Its targets, `width` scalars each, as far as a training must know them.
TargetForm target_form(const MappingPlan& mappings, std::int64_t width);

}  // namespace tandem
