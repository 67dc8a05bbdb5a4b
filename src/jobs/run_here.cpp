#include "tandem/jobs/run_here.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/error_text.h"
#include "tandem/core/interrupted.h"

namespace tandem {

void run_here(const std::vector<PooledJob>& jobs, const DoJob& do_job,
              const std::function<void(const PoolProgress&)>& on_progress, std::stop_token stop) {
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
                   .running = {job.title}});
    };
    tell({});
    try {
      do_job(job.line, tell, stop);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("{}: {}", job.title, error_text(error)));
    }
    before += job.cost;
  }
  on_progress({.done = jobs.size(), .total = jobs.size(), .share = 1, .running = {}});
}

}  // namespace tandem
