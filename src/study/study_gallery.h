#pragma once

#include <string>

#include "study_jobs.h"

namespace tandem {

/// Draws the gallery of a study if it is not there, and returns its place in the folder; empty
/// where there is nothing to show. Of a cell whose mapping changes, the first is shown.
std::string draw_study_gallery(const StudyPlan& plan, const StudyFolder& folder, StudyJobs& jobs,
                               DataCache& data);

/// Removes the galleries of other cells or trials, which no record names any more.
void remove_other_galleries(const StudyFolder& folder, const std::string& kept);

}  // namespace tandem
