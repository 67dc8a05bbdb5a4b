#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/core/progress.h"
#include "tandem/learn/checkpoint.h"
#include "tandem/learn/mapping_schedule.h"
#include "tandem/learn/training.h"

namespace tandem {

/// Is told what happens during training; every member may be left out.
class FitObserver {
 public:
  virtual ~FitObserver() = default;

  /// After each step; progress is in steps.
  virtual void on_step(const Progress& progress);

  /// After each look at the validation split.
  virtual void on_evaluation(const Evaluation& evaluation, Model& model);
};

/// What to do besides stepping.
struct FitOptions {
  const Dataset* validation = nullptr;  ///< looked at after evaluation_steps(); may be absent
  std::filesystem::path checkpoint;     ///< where to go on from; empty: no checkpoints
  double checkpoint_interval_s = 30;
};

struct FitResult {
  bool diverged = false;
  std::string message;  ///< why it diverged
  FitState state;
};

/// The training loop: for each step takes a batch, its targets under the mapping in force and one
/// step of the learner, and looks at the validation split at log-spaced steps. A loss that is not
/// finite, or grows beyond a thousand, ends the run as diverged. On `stop` it writes the checkpoint
/// and throws Interrupted; with the same checkpoint path it goes on and ends with the same weights,
/// bit for bit, as if it had never stopped (same thread count). Throws std::invalid_argument for a
/// schedule that waits for the validation accuracy of a run that looks at no validation split, and
/// std::runtime_error for a checkpoint that no run of this training can have come to.
FitResult fit(Training& training, const MappingSchedule& mappings, const FitOptions& options,
              FitObserver& observer, std::stop_token stop = {});

}  // namespace tandem
