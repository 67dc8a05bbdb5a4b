#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "study_jobs.h"
#include "tandem/study/run_study.h"
#include "tandem/study/study_worker.h"

namespace tandem {

/// Does the jobs of one stage after the other, in worker processes or here. A job that fails leaves
/// the others alone, unless the disk is full, where no other could keep its result either.
class StageRunner {
 public:
  /// All but the options must outlive it.
  StageRunner(const StudyOptions& options, const StudyFolder& folder, DataCache& data,
              StudyObserver& observer, std::stop_token stop);

  /// Returns what failed.
  std::vector<FailureRecord> run(const Stage& stage);

 private:
  std::vector<FailedJob> run_jobs(const std::vector<PooledJob>& jobs);

  const StudyFolder& folder_;
  StudyObserver& observer_;
  std::stop_token stop_;
  std::optional<WorkerPool> pool_;
  StudyWorker here_;
};

}  // namespace tandem
