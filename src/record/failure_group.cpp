#include "tandem/record/failure_group.h"

#include <fmt/format.h>

#include <algorithm>

namespace tandem {

std::string FailureGroup::jobs_text() const {
  return jobs.front() + (jobs.size() > 1 ? fmt::format(" and {} more", jobs.size() - 1) : "");
}

std::vector<FailureGroup> group_failures(const std::vector<FailureRecord>& failures) {
  std::vector<FailureGroup> groups;
  for (const FailureRecord& failure : failures) {
    auto group = std::ranges::find_if(groups, [&](const FailureGroup& each) {
      return each.stage == failure.stage && each.reason == failure.reason;
    });
    if (group == groups.end()) {
      group = groups.insert(groups.end(), {failure.stage, failure.reason, {}});
    }
    group->jobs.push_back(failure.job);
  }
  return groups;
}

}  // namespace tandem
