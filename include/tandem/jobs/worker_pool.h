#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace tandem {

/// A job, in the line of text that a worker understands, with a title for people and its share of
/// the work, in any unit that is the same for all jobs of a batch.
struct PooledJob {
  std::string line;
  std::string title;
  double cost = 1;
};

/// How far a batch of jobs has come.
struct PoolProgress {
  std::size_t done = 0;
  std::size_t total = 0;
  double share = 0;                  ///< of the cost, 0..1
  std::vector<std::string> running;  ///< titles of what workers do now
};

/// Processes that do jobs side by side. A process is kept over many jobs, since starting LibTorch
/// costs half a second.
class WorkerPool {
 public:
  /// `command` starts one worker that speaks serve_jobs on its standard input and output; the first
  /// word is the path of the program.
  WorkerPool(std::vector<std::string> command, std::size_t workers);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Does all jobs, begun in their order as workers become free; `on_progress` is called several
  /// times a second. When a job fails, no further one is begun, and after the running ones a
  /// std::runtime_error says which failed and why. On `stop` the workers end cleanly and
  /// Interrupted is thrown.
  void run(const std::vector<PooledJob>& jobs,
           const std::function<void(const PoolProgress&)>& on_progress, std::stop_token stop);

 private:
  class Worker;
  class Batch;

  void stop_workers();

  std::vector<std::string> command_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace tandem
