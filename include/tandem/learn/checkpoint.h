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

/// Writes learner and progress atomically to a safetensors file, with a fingerprint of all that.
void save_checkpoint(const std::filesystem::path& path, const Learner& learner,
                     const FitState& progress);

/// What to do about a checkpoint that is refused.
inline constexpr const char* kBeginAnew =
    "delete it, and the training begins again from its first step";

/// Restores both, or returns nothing if there is no file. Throws std::runtime_error that names the
/// path for a file that does not fit the learner, that is not what was written, or that an older
/// version wrote: a training goes on exactly or not at all.
std::optional<FitState> load_checkpoint(const std::filesystem::path& path, Learner& learner);

}  // namespace tandem
