#pragma once

#include <string>

#include "tandem/study/study_config.h"

namespace tandem {

/// Whether `teacher`, as a target names it, is a rung of the ladder; if not, it is a file.
bool has_rung(const LadderConfig& ladder, const std::string& teacher);

/// Whether any mapping of any cell asks a rung of the plan's ladder.
bool needs_ladder(const StudyPlan& plan);

/// Throws std::invalid_argument for a teacher that is neither a rung nor a file.
void check_teachers(const StudyPlan& plan);

/// Fills in what decides the answers of the plan's teachers, per teacher and per cell.
void identify_teachers(StudyPlan& plan);

}  // namespace tandem
