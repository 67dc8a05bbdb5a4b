#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "tandem/jobs/serve_jobs.h"
#include "tandem/jobs/worker_pool.h"

namespace tandem {

/// Does all jobs in this process, one after the other, as a pool of one worker would: a job that
/// fails ends it with a std::runtime_error that says which and why. Throws Interrupted on `stop`.
void run_here(const std::vector<PooledJob>& jobs, const DoJob& do_job,
              const std::function<void(const PoolProgress&)>& on_progress, std::stop_token stop);

}  // namespace tandem
