#pragma once

#include <cstdint>
#include <string>

#include "tandem/core/config.h"
#include "tandem/learn/train_config.h"
#include "tandem/loss/loss.h"
#include "tandem/model/backbone.h"
#include "tandem/target/target.h"

namespace tandem {

/// Which samples a trial learns from and is judged on.
struct DataConfig {
  std::string name = "fashion-mnist";
  std::string folder;              ///< empty: default_data_folder(name)
  std::int64_t validation = 5000;  ///< samples held out of the training split, stratified
  std::int64_t train = 0;          ///< stratified subset of the rest; 0 means all of it
  std::int64_t seed = 0;           ///< of validation split and subset
  std::int64_t size = 0;  ///< of images made from pictures, a side in pixels; 0: the data set's own
  bool skip_bad = false;  ///< leave out pictures that cannot be used, which are an error otherwise

  void visit(ConfigVisitor& visitor);
};

/// How students (and teachers) see the samples.
struct ViewConfig {
  std::string policy = "pad-crop:2,flip";
  std::int64_t seed = -1;  ///< of the views; -1 means the trial's own seed
  std::int64_t pool = 0;   ///< views per sample that exist; visits go round them; 0: no bound

  void visit(ConfigVisitor& visitor);
};

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
