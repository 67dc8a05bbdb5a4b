#pragma once

#include <string>
#include <vector>

#include "tandem/record/study_record.h"
#include "tandem/report/summary.h"

namespace tandem {

/// The study's answer in sentences, from the test split: at each budget which cells are ahead of or
/// behind the baseline, by how much (paired, with its 95 % interval), and what differences of the
/// others the intervals leave open. A difference is called clear by its p value, corrected for the
/// number of comparisons (see BudgetSummary). An unfinished study says first what is there.
std::vector<std::string> headline(const StudyRecord& study, const Summary& summary);

}  // namespace tandem
