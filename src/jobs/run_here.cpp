#include "tandem/jobs/run_here.h"

#include <exception>

#include "tandem/core/error_text.h"
#include "tandem/core/interrupted.h"

namespace tandem {

std::vector<FailedJob> run_here(const std::vector<PooledJob>& jobs, const DoJob& do_job,
                                const OnPoolProgress& on_progress, std::stop_token stop) {
  std::vector<FailedJob> failures;
  double total = 0, before = 0;
  for (const PooledJob& job : jobs) {
    total += job.cost;
  }
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    if (stop.stop_requested()) {
      throw Interrupted();
    }
    const PooledJob& job = jobs[k];
    const auto tell = [&](const Progress& progress) {
      on_progress({.done = k,
                   .total = jobs.size(),
                   .share = total > 0 ? (before + job.cost * progress.share()) / total : 1,
                   .running = {job.title},
                   .failed = failures});
    };
    tell({});
    try {
      do_job(job.line, tell, stop);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      failures.push_back({job.title, error_text(error)});
    }
    before += job.cost;
  }
  on_progress({.done = jobs.size(), .total = jobs.size(), .share = 1, .failed = failures});
  return failures;
}

}  // namespace tandem
