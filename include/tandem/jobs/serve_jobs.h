#pragma once

#include <functional>
#include <istream>
#include <ostream>
#include <stop_token>
#include <string>

#include "tandem/core/progress.h"

namespace tandem {

/// Does the job that a line of text names and tells how far it has come.
using DoJob =
    std::function<void(const std::string& line, const OnProgress& progress, std::stop_token stop)>;

/// The worker's side of a WorkerPool: reads jobs, a line each, has them done, and answers
/// "progress <done> <total>" a few times a second, then "done" or "failed <why>". Returns at the
/// end of the input, on `stop`, and where answers cannot be written.
void serve_jobs(const DoJob& do_job, std::istream& input, std::ostream& output,
                std::stop_token stop);

}  // namespace tandem
