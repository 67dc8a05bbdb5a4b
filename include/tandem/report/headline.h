#pragma once

#include <string>
#include <vector>

#include "tandem/report/summary.h"
#include "tandem/study/record.h"

namespace tandem {

/// One sentence per budget, from the test split: which cell leads, by how much over the baseline
/// (paired, with its 95 % interval), and which cells it cannot be told from. A difference whose
/// interval contains 0 is called no clear difference.
std::vector<std::string> headline(const StudyRecord& study, const Summary& summary);

}  // namespace tandem
