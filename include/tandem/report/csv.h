#pragma once

#include <string>
#include <string_view>

#include "tandem/record/record.h"

namespace tandem {

// Tables of a study, quoted as in RFC 4180, one header line, lines ended by "\n". Numbers are
// written so that they read back exactly; what is not a number is an empty field.

/// One row per evaluation of every trial: everything that was measured during training.
std::string evaluations_csv(const StudyRecord& study);

/// One row per reading of the test split.
std::string tests_csv(const StudyRecord& study);

/// One row per cell, measure and place (`at` is a budget in steps or a goal in percent): mean, half
/// width of the 95 % interval and the number of values behind it.
std::string summary_csv(const StudyRecord& study);

/// `text` as one field: in quotes where it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);

}  // namespace tandem
