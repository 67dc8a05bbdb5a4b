#pragma once

#include <filesystem>
#include <stop_token>
#include <utility>

#include "temporary_folder.h"
#include "toy_trial.h"
#include "trial.h"

namespace tandem {

/// Requests a stop after a number of steps.
class StopAfter : public FitObserver {
 public:
  explicit StopAfter(std::int64_t steps) : steps_(steps) {}
  void on_step(const Progress& progress) override {
    if (progress.done == steps_) {
      source_.request_stop();
    }
  }
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::int64_t steps_;
  std::stop_source source_;
};

/// Runs a toy trial under `mappings` into `folder`.
inline TrialRecord run_toy(const TrialConfig& config, const Splits& splits,
                           MappingSchedule mappings, const std::filesystem::path& folder,
                           FitObserver& observer, std::stop_token stop = {}) {
  return run_trial({.config = config,
                    .splits = splits,
                    .mappings = std::move(mappings),
                    .budgets = {config.train.steps},
                    .folder = folder,
                    .begun = {}},
                   observer, stop);
}

inline TrialRecord run_toy(const TrialConfig& config, const Splits& splits,
                           MappingSchedule mappings, const std::filesystem::path& folder) {
  FitObserver silent;
  return run_toy(config, splits, std::move(mappings), folder, silent);
}

inline constexpr std::int64_t kSteps = 150;  ///< enough for the toy data set

/// Trains a toy trial whose targets name the teacher "t".
inline TrialRecord train(const TrialConfig& config, const Splits& splits,
                         const std::shared_ptr<Teacher>& teacher,
                         const std::filesystem::path& folder) {
  return run_toy(config, splits,
                 toy_schedule(config, splits, {{{"t", teacher}}, folder.parent_path()}), folder);
}

/// Validation top-1, in percent, of a student that has learnt from `target` long enough.
inline double final_accuracy(const TargetConfig& target, const Splits& splits,
                             const std::shared_ptr<Teacher>& teacher) {
  const TemporaryFolder folder;
  const TrialRecord record =
      train(toy_trial(kSteps, target), splits, teacher, folder.path() / "trial");
  return record.evaluations.back().validation_top1_pct;
}

}  // namespace tandem
