#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/jobs/worker_pool.h"
#include "tandem/record/study_folder.h"
#include "tandem/study/plan.h"

namespace tandem {

/// Is told how a study goes.
class StudyObserver {
 public:
  virtual ~StudyObserver() = default;

  /// A stage begins: "teach", "label", "train" or "test"; `skipped` of its jobs were done before.
  virtual void on_stage(const std::string& name, std::size_t jobs, std::size_t skipped);
  virtual void on_progress(const PoolProgress& progress);
  virtual void on_stage_end(std::size_t failed);  ///< of its jobs

  /// A look at the validation split, where jobs are done in this process.
  virtual void on_evaluation(const Evaluation& evaluation);

  /// Something that could not be done, after the stage's end; it is in the study's record as well.
  virtual void on_failure(const FailureRecord& failure);

  /// What a person should know, e.g. that results of an older format were taken over.
  virtual void on_note(const std::string& text);
};

struct StudyOptions {
  std::size_t workers = 1;
  /// Starts one worker, a program that serves a StudyWorker's jobs on its standard streams. Empty:
  /// jobs are done in this process, one after the other.
  std::vector<std::string> worker_command;
  std::string command;              ///< what the user typed, for the records
  std::shared_ptr<DataCache> data;  ///< what is loaded already; may be null
};

/// Runs whatever of a study is not done yet: trains the ladder, labels the stores, runs the trials,
/// then reads the test split with the trials whose rate was chosen on the validation split, and
/// draws the gallery. Everything stands in `folder`, study.json included, from which read_study and
/// a report need nothing else; an interrupted or failed run goes on where it was. Jobs that fail
/// leave the others alone: they are listed among the record's failures, what builds on them is left
/// out, and the next run tries them again; where the disk is full, the first of them ends the run
/// instead. A folder of an older format gets what it lacks. Throws std::runtime_error where the
/// folder holds results of other data, and what WorkerPool::run throws.
StudyRecord run_study(StudyPlan plan, const StudyFolder& folder, const StudyOptions& options,
                      StudyObserver& observer, std::stop_token stop = {});

}  // namespace tandem
