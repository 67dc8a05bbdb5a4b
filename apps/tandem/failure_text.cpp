#include "failure_text.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/record/failure_group.h"

namespace tandem {

std::string failure_text(const StudyRecord& study) {
  std::string text;
  for (const FailureGroup& group : group_failures(study.failures)) {
    text += fmt::format("  {:<6} {}: {}\n", group.stage, group.jobs_text(), group.reason);
  }
  return text;
}

void check_nothing_failed(const StudyRecord& study) {
  if (!study.failures.empty()) {
    throw std::runtime_error(
        fmt::format("{} job(s) of \"{}\" failed, all others are done; the same command tries them "
                    "again:\n{}",
                    study.failures.size(), study.name, failure_text(study)));
  }
}

}  // namespace tandem
