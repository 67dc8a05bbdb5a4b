#include "failure_text.h"

#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tandem {

std::string failure_text(const StudyRecord& study) {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> jobs;  // by stage, reason
  for (const FailureRecord& failure : study.failures) {
    jobs[{failure.stage, failure.reason}].push_back(failure.job);
  }
  std::string text;
  for (const auto& [why, titles] : jobs) {
    const std::string more =
        titles.size() > 1 ? fmt::format(" and {} more", titles.size() - 1) : "";
    text += fmt::format("  {:<6} {}{}: {}\n", why.first, titles.front(), more, why.second);
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
