#pragma once

#include <string>

#include "tandem/record/study_record.h"

namespace tandem {

/// A study's answer as text for a terminal, at most 110 columns wide: test accuracy of each cell at
/// each budget (mean and 95 % half width), steps and seconds to the highest goal that most cells
/// reach, and what the teacher cost. Where budgets do not fit, the middle ones are left out, and
/// the table says so.
std::string terminal_table(const StudyRecord& study);

}  // namespace tandem
