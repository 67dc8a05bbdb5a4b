#pragma once

#include <string>
#include <vector>

#include "tandem/record/study_record.h"
#include "tandem/report/summary.h"

namespace tandem {

/// The study's answer in sentences, from the test split: at which budgets which cells are ahead of
/// or behind the baseline, by how much (paired, with its 95 % interval), and at which budgets no
/// cell is. A difference is called clear where its interval leaves out zero; the last sentence says
/// how many would be so by chance.
std::vector<std::string> headline(const StudyRecord& study, const Summary& summary);

}  // namespace tandem
