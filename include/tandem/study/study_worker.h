#pragma once

#include <functional>
#include <stop_token>

#include "tandem/jobs/serve_jobs.h"
#include "tandem/learn/fit.h"
#include "tandem/study/data_cache.h"
#include "tandem/study/job.h"

namespace tandem {

/// The worker's end of a study: does its jobs one after the other in this process, with the data
/// sets and teachers that a cache keeps between them.
class StudyWorker {
 public:
  explicit StudyWorker(DataCache& data) : data_(data) {}

  /// Returns at once where the job's result is there already. `observer` is told of steps (of
  /// samples, when labelling) and evaluations. Throws Interrupted on `stop`, and std::runtime_error
  /// where data, teachers or stores are not those that the job was planned on.
  void run(const Job& job, FitObserver& observer, std::stop_token stop);

 private:
  void check_data(const Job& job);
  void teach(const Job& job, FitObserver& observer, std::stop_token stop);
  void label(const Job& job, FitObserver& observer, std::stop_token stop);
  void trial(const Job& job, FitObserver& observer, std::stop_token stop);

  DataCache& data_;
};

/// Is told of each look at the validation split.
using OnEvaluation = std::function<void(const Evaluation&)>;

/// What serve_jobs and run_here do with a line that to_line() made, by `worker`, which must outlive
/// it.
DoJob jobs_of(StudyWorker& worker, OnEvaluation on_evaluation = {});

}  // namespace tandem
