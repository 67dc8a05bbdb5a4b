#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "tandem/learn/learner.h"
#include "tandem/learn/mapping_schedule.h"
#include "tandem/record/evaluation.h"

namespace tandem {

/// How far a training run has come, apart from its weights.
struct FitState {
  std::int64_t step = 0;  ///< steps done
  double train_s = 0;
  double teacher_s = 0;
  double loss_sum = 0;  ///< of the steps since the last evaluation
  std::int64_t loss_count = 0;
  std::vector<Evaluation> evaluations;
  SwitchState switches;
};

/// Writes learner and progress atomically to a safetensors file.
void save_checkpoint(const std::filesystem::path& path, const Learner& learner,
                     const FitState& progress);

/// Restores both, or returns nothing if there is no file. Throws std::runtime_error that names the
/// path for a file that does not fit the learner.
std::optional<FitState> load_checkpoint(const std::filesystem::path& path, Learner& learner);

}  // namespace tandem
