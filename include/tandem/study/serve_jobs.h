#pragma once

#include <istream>
#include <ostream>
#include <stop_token>

#include "tandem/study/job_runner.h"

namespace tandem {

/// The worker's side of a WorkerPool: reads jobs, a line each, does them, and answers
/// "progress <done> <total>" a few times a second, then "done" or "failed <why>". Returns at the
/// end of the input or on `stop`.
void serve_jobs(JobRunner& runner, std::istream& input, std::ostream& output, std::stop_token stop);

}  // namespace tandem
