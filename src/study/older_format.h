#pragma once

#include <filesystem>

#include "tandem/record/study_folder.h"
#include "tandem/study/plan.h"
#include "tandem/study/run_study.h"

namespace tandem {

// Folders that were made before study.json name ladders and trials by hashes of texts. What can be
// shown to be of the same config and the same data is taken over under its present name; the rest
// stays where it is and is made anew. `study` says what the plan's data is now.

/// Whether a study stands in `folder` without study.json.
bool is_of_older_format(const StudyFolder& folder);

/// Takes the folder's ladder over as `ladder`, with what its records lack.
void take_over_ladder(const StudyPlan& plan, const StudyFolder& folder,
                      const std::filesystem::path& ladder, const StudyRecord& study,
                      StudyObserver& observer);

/// Takes finished trials over: those of [base]'s data whose teachers, if any, are of the ladder
/// that was taken over. They keep what was measured on the training and validation parts, which are
/// of one file; the test split is read again with their weights. The plan's trials have their ids.
void take_over_trials(const StudyPlan& plan, const StudyFolder& folder,
                      const std::filesystem::path& ladder, const StudyRecord& study,
                      StudyObserver& observer);

}  // namespace tandem
