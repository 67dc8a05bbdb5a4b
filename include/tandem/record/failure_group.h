#pragma once

#include <string>
#include <vector>

#include "tandem/record/study_record.h"

namespace tandem {

/// Jobs of one stage that failed for one reason.
struct FailureGroup {
  std::string stage;
  std::string reason;
  std::vector<std::string> jobs;

  /// "view probs strong, rate 0.1, seed 2 and 4 more".
  std::string jobs_text() const;
};

/// In the order in which the first of each failed.
std::vector<FailureGroup> group_failures(const std::vector<FailureRecord>& failures);

}  // namespace tandem
