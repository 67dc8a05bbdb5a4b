#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "tandem/core/config.h"
#include "tandem/learn/fit.h"
#include "tandem/learn/training.h"
#include "tandem/sample/data_config.h"
#include "tandem/sample/sample_scores.h"
#include "tandem/sample/splits.h"

namespace tandem {

/// Forgetting events: how often a sample that was classified correctly on one visit is wrong on the
/// next (Toneva et al., "An Empirical Study of Example Forgetting", arXiv:1812.05159).
class ForgettingCounts {
 public:
  explicit ForgettingCounts(std::int64_t samples);

  /// One visit of sample `index`.
  void visit(std::int64_t index, bool correct);

  /// fp32 [samples]: events of each. A sample that was never correct counts as many as the most
  /// visited sample has visits, which no sample that was learnt can reach.
  torch::Tensor counts() const;

 private:
  struct History {
    std::int32_t visits = 0, events = 0;
    bool learnt = false, correct = false;
  };
  std::vector<History> samples_;
};

/// The training whose forgetting is counted: small, from one-hot targets in the direct form.
struct ForgettingConfig {
  std::vector<std::int64_t> seeds = {0};  ///< counts are the mean over as many runs
  DataConfig data;
  ViewConfig views;
  ModelConfig model;
  TrainConfig train;

  void visit(ConfigVisitor& visitor);
};

/// Trains and counts. Correct is what the model, in evaluation mode, says of the view that it is
/// about to learn from. `splits` are those of config.data. `observer` is told of steps over all
/// runs. Throws std::invalid_argument for fewer than two visits of each sample and
/// std::runtime_error for a run that diverges.
SampleScores score_forgetting(const ForgettingConfig& config, const Splits& splits,
                              FitObserver& observer, std::stop_token stop = {});

}  // namespace tandem
