#pragma once

#include "tandem/sample/splits.h"
#include "tandem/study/study_config.h"

namespace tandem {

/// Builds what every cell needs once, so that a mistake in the last cell is found before the first
/// has trained. `base_splits` are those of [base]. Throws std::invalid_argument and
/// std::runtime_error in words.
void check_plan(const StudyPlan& plan, const Splits& base_splits);

}  // namespace tandem
