#include "tandem/study/worker_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>

#include "tandem/core/interrupted.h"
#include "worker.h"

namespace tandem {
namespace {

constexpr int kPollMilliseconds = 200;
constexpr std::chrono::milliseconds kReportEvery{100};

/// Tells the parent how far the job is, a few times a second.
class ProgressReporter : public FitObserver {
 public:
  explicit ProgressReporter(std::ostream& output) : output_(output) {}

  void on_step(std::int64_t done, std::int64_t total) override {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_report_ >= kReportEvery) {
      last_report_ = now;
      output_ << "progress " << done << ' ' << total << std::endl;
    }
  }

 private:
  std::ostream& output_;
  std::chrono::steady_clock::time_point last_report_;
};

}  // namespace

void serve_jobs(JobRunner& runner, std::istream& input, std::ostream& output,
                std::stop_token stop) {
  for (std::string line; !stop.stop_requested() && std::getline(input, line);) {
    ProgressReporter reporter(output);
    try {
      runner.run(parse_job(line), reporter, stop);
      output << "done" << std::endl;
    } catch (const Interrupted&) {
      return;
    } catch (const std::exception& error) {
      std::string message = error.what();
      std::replace(message.begin(), message.end(), '\n', ' ');
      output << "failed " << message << std::endl;
    }
  }
}

WorkerPool::WorkerPool(std::vector<std::string> command, std::size_t workers)
    : command_(std::move(command)), workers_(workers) {
  ::signal(SIGPIPE, SIG_IGN);  // a worker that died is noticed by its closed output
}

WorkerPool::~WorkerPool() = default;

void WorkerPool::run(const std::vector<PooledJob>& jobs,
                     const std::function<void(const PoolProgress&)>& on_progress,
                     std::stop_token stop) {
  double total_cost = 0;
  for (const PooledJob& job : jobs) {
    total_cost += job.cost;
  }
  PoolProgress progress{.total = jobs.size(), .running = {}};
  double done_cost = 0;
  std::size_t next = 0;
  std::string failure;
  const auto fail = [&](std::size_t place, const std::string& why) {
    if (failure.empty()) {
      failure = fmt::format("{}: {}", to_line(jobs[place].job), why);
    }
  };

  const auto busy = [&] {
    return std::any_of(workers_.begin(), workers_.end(),
                       [](const auto& worker) { return worker && worker->job; });
  };
  while (busy() || (next < jobs.size() && failure.empty())) {
    if (stop.stop_requested()) {
      for (const auto& worker : workers_) {
        if (worker) {
          worker->ask_to_stop();
        }
      }
      for (auto& worker : workers_) {
        if (worker) {
          worker->wait();
          worker.reset();
        }
      }
      throw Interrupted();
    }
    std::vector<pollfd> polled;
    std::vector<std::size_t> polled_workers;
    double running_cost = 0;
    progress.running.clear();
    for (std::size_t w = 0; w < workers_.size(); ++w) {
      auto& worker = workers_[w];
      const bool free = !worker || !worker->job;
      if (free && next < jobs.size() && failure.empty()) {
        if (!worker) {
          worker = std::make_unique<Worker>(command_);
        }
        worker->job = next++;
        worker->share = 0;
        worker->send(to_line(jobs[*worker->job].job));
      }
      if (worker && worker->job) {
        polled.push_back({worker->output(), POLLIN, 0});
        polled_workers.push_back(w);
        progress.running.push_back(*worker->job);
        running_cost += worker->share * jobs[*worker->job].cost;
      }
    }
    progress.share = total_cost > 0 ? (done_cost + running_cost) / total_cost : 0;
    on_progress(progress);

    ::poll(polled.data(), polled.size(), kPollMilliseconds);
    for (std::size_t k = 0; k < polled.size(); ++k) {
      if (polled[k].revents == 0) {
        continue;
      }
      auto& worker = workers_[polled_workers[k]];
      bool closed = false;
      for (const std::string& line : worker->receive(closed)) {
        std::istringstream stream(line);
        std::string word;
        stream >> word;
        double done = 0, total = 0;
        if (word == "progress" && stream >> done >> total && total > 0) {
          worker->share = done / total;
        } else if (worker->job && (word == "done" || word == "failed")) {
          if (word == "failed") {
            fail(*worker->job, line.substr(std::min(line.size(), word.size() + 1)));
          } else {
            ++progress.done;
          }
          done_cost += jobs[*worker->job].cost;
          worker->job.reset();
        }
      }
      if (closed) {
        const std::size_t place = worker->job.value_or(0);
        fail(place, "the worker process " + worker->wait());
        worker.reset();
      }
    }
  }
  if (!failure.empty()) {
    throw std::runtime_error(failure);
  }
  progress.share = 1;
  progress.running.clear();
  on_progress(progress);
}

}  // namespace tandem
