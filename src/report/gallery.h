#pragma once

#include <string>

#include "tandem/record/study_record.h"

namespace tandem::report {

/// Samples, their views and the target of each view under every cell, as HTML. Empty where the
/// study brought no gallery. Throws std::invalid_argument where the gallery's shapes disagree.
std::string gallery_html(const StudyRecord& study);

}  // namespace tandem::report
