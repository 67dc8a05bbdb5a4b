#include "tandem/jobs/pooled_job.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {

void check_none_failed(const std::vector<FailedJob>& failures) {
  if (!failures.empty()) {
    throw std::runtime_error(
        fmt::format("{}: {}", failures.front().title, failures.front().reason));
  }
}

}  // namespace tandem
