#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/jobs/pooled_job.h"

namespace tandem {

/// How long a pool waits for its workers.
struct WorkerPatience {
  /// For a worker that does nothing: one with a job that says nothing and uses no processor for so
  /// long (it is stopped, or its threads wait for each other) is killed, and its job has failed.
  std::chrono::seconds idle{120};

  /// For a worker to end that was asked to. Then it is killed.
  std::chrono::seconds end{30};
};

/// Processes that do jobs side by side. A process is kept over many jobs, since starting LibTorch
/// costs half a second.
class WorkerPool {
 public:
  /// `command` starts one worker that speaks serve_jobs on its standard input and output; the first
  /// word is the path of the program.
  WorkerPool(std::vector<std::string> command, std::size_t workers,
             const WorkerPatience& patience = {});
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Does all jobs, begun in their order as workers become free; `on_progress` is called several
  /// times a second. Returns those that failed, by a worker's own words, or since it died or hung;
  /// the others are done all the same. On `stop` the workers end cleanly and Interrupted is thrown.
  std::vector<FailedJob> run(const std::vector<PooledJob>& jobs, const OnPoolProgress& on_progress,
                             std::stop_token stop);

 private:
  class Worker;
  class Batch;

  /// Asks all to end before it waits for any.
  void stop_workers();

  std::vector<std::string> command_;
  WorkerPatience patience_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace tandem
