#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/record/record.h"
#include "tandem/study/study_config.h"
#include "tandem/study/study_folder.h"
#include "tandem/work/worker_pool.h"

namespace tandem {

/// Is told how a study goes.
class StudyObserver {
 public:
  virtual ~StudyObserver() = default;

  /// A phase begins: "teach", "label", "train" or "test"; `skipped` of its jobs were done before.
  virtual void on_phase(const std::string& name, std::size_t jobs, std::size_t skipped) = 0;
  virtual void on_progress(const PoolProgress& progress) = 0;
  virtual void on_phase_end() = 0;
};

struct StudyOptions {
  std::size_t workers = 1;
  std::vector<std::string> worker_command;  ///< starts one worker on this study's folder
  std::string command;                      ///< what the user typed, for the records
};

/// Runs whatever of a study is not done yet: trains the ladder, labels the tables, runs the trials,
/// then reads the test split with the trials whose rate was chosen on the validation split, and
/// draws the gallery. Everything stands in `folder`; an interrupted or failed run goes on where it
/// was. Throws what WorkerPool::run throws.
StudyRecord run_study(const StudyPlan& plan, const StudyFolder& folder, const StudyOptions& options,
                      StudyObserver& observer, std::stop_token stop = {});

}  // namespace tandem
