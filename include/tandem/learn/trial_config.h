#pragma once

#include <cstdint>
#include <string>

#include "tandem/core/config.h"
#include "tandem/learn/train_config.h"
#include "tandem/loss/loss.h"
#include "tandem/model/backbone.h"
#include "tandem/sample/data_config.h"
#include "tandem/target/target.h"
#include "tandem/view/view_config.h"

namespace tandem {

/// One training run, completely described: equal configs give equal results.
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

/// Seed of the trial's views.
std::uint64_t view_seed(const TrialConfig& config);

}  // namespace tandem
