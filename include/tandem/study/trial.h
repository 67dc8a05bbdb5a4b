#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/learn/fit.h"
#include "tandem/learn/mapping_schedule.h"
#include "tandem/learn/trial_config.h"
#include "tandem/record/record.h"
#include "tandem/sample/splits.h"

namespace tandem {

/// A mapping that is ready to answer, with what it cost before the first step.
struct ReadyMapping {
  std::unique_ptr<Mapping> mapping;
  double labelling_s = 0;
};

/// The mappings of a trial, ready to answer, and what they cost before the first step.
struct ReadySchedule {
  ReadySchedule(MappingSchedule mappings, double labelling_s);
  ReadySchedule(ReadyMapping ready);  ///< one mapping throughout

  MappingSchedule mappings;
  double labelling_s;
};

/// The loss of a trial, for the targets of all its mappings.
Loss make_loss(const TrialConfig& config);

/// The student with its initial weights, which depend on the trial's seed and model alone: a wider
/// target head changes no other weight.
std::shared_ptr<Model> make_student(const TrialConfig& config, const Splits& splits,
                                    std::int64_t target_width);

/// The trial's batches, which depend on its seed, data and view policy, and not on its targets.
BatchSource make_batches(const TrialConfig& config, const Splits& splits);

/// Runs one trial under `ready`, the mappings of `config`, into `folder` and returns its record
/// (id, cell and provenance are the caller's to set in `complete`, which is called once before the
/// record is written). While the trial runs, everything stands in `<folder>.partial`, from where an
/// interrupted trial goes on; at the end that folder is renamed. Kept beside the record: the
/// resolved config and the weights at each step that final_steps() names.
TrialRecord run_trial(const TrialConfig& config, const Splits& splits, ReadySchedule ready,
                      const std::vector<std::int64_t>& budgets, const std::filesystem::path& folder,
                      const std::function<void(TrialRecord&)>& complete, FitObserver& observer,
                      std::stop_token stop = {});

/// The steps whose weights may be tested: each budget, and the selected step within each budget.
std::vector<std::int64_t> final_steps(const TrialRecord& record,
                                      const std::vector<std::int64_t>& budgets);

/// Reads the test split with the weights kept at `steps` of a finished trial, adds the results to
/// its record on disk and returns it.
TrialRecord test_trial(const TrialConfig& config, const Dataset& test,
                       const std::vector<std::int64_t>& steps, const std::filesystem::path& folder);

/// Record of a finished trial. Throws std::runtime_error that names the path.
TrialRecord read_trial(const std::filesystem::path& folder);

/// Deletes the weights that a finished trial kept.
void drop_weights(const std::filesystem::path& folder);

}  // namespace tandem
