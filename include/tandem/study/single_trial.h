#pragma once

#include <cstdint>

#include "tandem/study/plan.h"

namespace tandem {

/// A study of one trial, so that `tandem train` keeps, resumes and reports a run as a study does.
/// Its one budget is the trial's, `steps` (see total_steps); its teacher, if any, is a file.
StudyPlan plan_single_trial(const TrialConfig& config, std::int64_t steps);

}  // namespace tandem
