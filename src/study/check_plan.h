#pragma once

#include <string>

#include "tandem/study/data_cache.h"
#include "tandem/study/plan.h"

namespace tandem {

/// Builds what every cell needs once, so that a mistake in the last cell is found before the first
/// has trained. Returns the first cell's student in words. Throws std::invalid_argument and
/// std::runtime_error in words.
std::string check_plan(const StudyPlan& plan, DataCache& data);

}  // namespace tandem
