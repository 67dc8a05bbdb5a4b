#include "tandem/jobs/worker_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "tandem/core/interrupted.h"
#include "worker_process.h"

namespace tandem {
namespace {

constexpr int kPollMilliseconds = 200;

double total_cost(const std::vector<PooledJob>& jobs) {
  double cost = 0;
  for (const PooledJob& job : jobs) {
    cost += job.cost;
  }
  return cost;
}

}  // namespace

/// The jobs of one call of run(), and what has become of them.
class WorkerPool::Batch {
 public:
  explicit Batch(const std::vector<PooledJob>& jobs) : jobs_(jobs), total_cost_(total_cost(jobs)) {}

  bool has_next() const { return next_ < jobs_.size(); }

  /// In the order of the jobs.
  std::vector<FailedJob> failures() const {
    std::vector<FailedJob> failures;
    for (const auto& [place, failure] : failures_) {
      failures.push_back(failure);
    }
    return failures;
  }

  void give_next(Worker& worker) {
    worker.job = next_++;
    worker.share = 0;
    worker.send(jobs_[*worker.job].line);
  }

  /// Takes one line of a worker's answer.
  void hear(Worker& worker, const std::string& line) {
    std::istringstream stream(line);
    std::string word;
    double done = 0, total = 0;
    stream >> word;
    if (!worker.job) {
      return;
    }
    if (word == "progress" && stream >> done >> total && total > 0) {
      worker.share = done / total;
    } else if (word == "done") {
      end(worker);
    } else if (word == "failed") {
      fail(worker, line.substr(std::min(line.size(), word.size() + 1)));
    }
  }

  /// The worker's job will not be done.
  void fail(Worker& worker, const std::string& why) {
    if (worker.job) {
      failures_.insert({*worker.job, {jobs_[*worker.job].title, why}});
      end(worker);
    }
  }

  PoolProgress progress(const std::vector<std::unique_ptr<Worker>>& workers) const {
    PoolProgress progress{.done = done_, .total = jobs_.size(), .failed = failures()};
    double cost = done_cost_;
    for (const auto& worker : workers) {
      if (worker && worker->job) {
        progress.running.push_back(jobs_[*worker->job].title);
        cost += worker->share * jobs_[*worker->job].cost;
      }
    }
    progress.share = total_cost_ > 0 ? cost / total_cost_ : 1;
    return progress;
  }

 private:
  void end(Worker& worker) {
    ++done_;
    done_cost_ += jobs_[*worker.job].cost;
    worker.job.reset();
  }

  const std::vector<PooledJob>& jobs_;
  double total_cost_;
  double done_cost_ = 0;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::map<std::size_t, FailedJob> failures_;  // by their place in the batch
};

WorkerPool::WorkerPool(std::vector<std::string> command, std::size_t workers,
                       const WorkerPatience& patience)
    : command_(std::move(command)), patience_(patience), workers_(workers) {
  ::signal(SIGPIPE, SIG_IGN);  // a worker that died is noticed by its closed output
}

WorkerPool::~WorkerPool() {
  stop_workers();
}

std::vector<FailedJob> WorkerPool::run(const std::vector<PooledJob>& jobs,
                                       const OnPoolProgress& on_progress, std::stop_token stop) {
  Batch batch(jobs);
  while (true) {
    if (stop.stop_requested()) {
      stop_workers();
      throw Interrupted();
    }
    std::vector<pollfd> outputs;
    std::vector<std::unique_ptr<Worker>*> busy;
    for (auto& worker : workers_) {
      if (batch.has_next() && (!worker || !worker->job)) {
        if (!worker) {
          worker = std::make_unique<Worker>(command_, patience_.end);
        }
        batch.give_next(*worker);
      }
      if (worker && worker->job) {
        outputs.push_back({worker->output(), POLLIN, 0});
        busy.push_back(&worker);
      }
    }
    on_progress(batch.progress(workers_));
    if (busy.empty()) {
      return batch.failures();
    }
    ::poll(outputs.data(), outputs.size(), kPollMilliseconds);
    for (std::size_t k = 0; k < busy.size(); ++k) {
      std::unique_ptr<Worker>& worker = *busy[k];
      if (outputs[k].revents == 0) {
        if (worker->idle() >= patience_.idle) {
          batch.fail(*worker,
                     fmt::format("the worker process did nothing for {} s, so it was killed",
                                 patience_.idle.count()));
          worker->kill();
          worker.reset();
        }
        continue;
      }
      bool closed = false;
      for (const std::string& line : worker->receive(closed)) {
        batch.hear(*worker, line);
      }
      if (closed) {
        batch.fail(*worker, "the worker process " + worker->end());
        worker.reset();
      }
    }
  }
}

void WorkerPool::stop_workers() {
  for (const auto& worker : workers_) {
    if (worker) {
      worker->ask_to_stop();
    }
  }
  for (auto& worker : workers_) {
    worker.reset();
  }
}

}  // namespace tandem
