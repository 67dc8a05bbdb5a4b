#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

#include "tandem/learn/fit.h"
#include "tandem/learn/mapping_schedule.h"
#include "tandem/learn/trial_config.h"
#include "tandem/record/trial_record.h"
#include "tandem/sample/splits.h"

namespace tandem {

/// A trial that is ready to run.
struct TrialRun {
  const TrialConfig& config;
  const Splits& splits;
  MappingSchedule mappings;           ///< those of `config`, ready to answer
  std::vector<std::int64_t> budgets;  ///< whose weights are kept
  std::filesystem::path folder;
  TrialRecord begun;  ///< what the record says that training does not: id, cell, cost, provenance
};

/// Runs one trial into its folder and returns its record. While it runs, everything stands in
/// `<folder>.partial`, from where an interrupted trial goes on; at the end that folder is renamed.
/// Kept beside the record: the resolved config and the weights at each step that final_steps()
/// names. Throws Interrupted on `stop`.
TrialRecord run_trial(const TrialRun& run, FitObserver& observer, std::stop_token stop = {});

/// The steps whose weights may be tested: each budget, and the selected step within each budget.
std::vector<std::int64_t> final_steps(const TrialRecord& record,
                                      const std::vector<std::int64_t>& budgets);

/// Reads the test split with the weights kept at `steps` of the finished trial in `folder`, adds
/// the results to its record on disk and returns it. `train` says how to compute.
TrialRecord test_trial(const TrainConfig& train, const Dataset& test,
                       const std::vector<std::int64_t>& steps, const std::filesystem::path& folder);

/// What is left to do once a trial stands in its folder: its checkpoint goes, and it has checksums.
/// Does it for one whose run ended just before that.
void finish_trial(const std::filesystem::path& folder);

/// Deletes the weights that a finished trial kept.
void drop_weights(const std::filesystem::path& folder);

}  // namespace tandem
