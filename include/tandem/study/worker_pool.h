#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/study/job.h"
#include "tandem/study/job_runner.h"

namespace tandem {

/// The worker's side: reads jobs, a line each, does them, and answers "progress <done> <total>",
/// then "done" or "failed <why>". Returns at the end of the input or on `stop`.
void serve_jobs(JobRunner& runner, std::istream& input, std::ostream& output, std::stop_token stop);

/// A job with its share of the work, in any unit that is the same for all jobs of a call.
struct PooledJob {
  Job job;
  double cost = 1;
};

/// How far a batch of jobs has come.
struct PoolProgress {
  std::size_t done = 0;
  std::size_t total = 0;
  double share = 0;                  ///< of the cost, 0..1
  std::vector<std::size_t> running;  ///< places in the batch of what workers do now
};

/// Processes that do jobs side by side. A process is kept over many jobs, since starting LibTorch
/// costs most of a second.
class WorkerPool {
 public:
  /// `command` starts one worker that speaks serve_jobs on its standard input and output; the first
  /// word is the path of the program.
  WorkerPool(std::vector<std::string> command, std::size_t workers);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Does all jobs, in order, as workers become free; `on_progress` is called several times a
  /// second. When a job fails, no further one is begun, and after the running ones a
  /// std::runtime_error says which failed and why. On `stop` the workers end cleanly and
  /// Interrupted is thrown.
  void run(const std::vector<PooledJob>& jobs,
           const std::function<void(const PoolProgress&)>& on_progress, std::stop_token stop);

 private:
  class Worker;

  std::vector<std::string> command_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace tandem
