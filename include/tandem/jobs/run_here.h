#pragma once

#include <stop_token>
#include <vector>

#include "tandem/jobs/pooled_job.h"
#include "tandem/jobs/serve_jobs.h"

namespace tandem {

/// Does all jobs in this process, one after the other, as a pool of one worker would. Returns those
/// that failed; throws Interrupted on `stop`.
std::vector<FailedJob> run_here(const std::vector<PooledJob>& jobs, const DoJob& do_job,
                                const OnPoolProgress& on_progress, std::stop_token stop);

}  // namespace tandem
