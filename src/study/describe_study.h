#pragma once

#include <string>

#include "tandem/record/study_folder.h"
#include "tandem/study/plan.h"

namespace tandem {

/// What study.json says of a plan before anything has run. `student` is the student in words.
StudyRecord describe_study(const StudyPlan& plan, DataCache& data, const std::string& student,
                           const std::string& command);

/// Takes over the plan's trials by id.
void add_trials(StudyRecord& study, const StudyPlan& plan);

/// Results in one folder belong to one data set and one definition of views. Throws
/// std::runtime_error where `earlier`, which stands in `folder`, is of others than `now`.
void check_same_data(const StudyFolder& folder, const StudyRecord& earlier, const StudyRecord& now);

}  // namespace tandem
