#pragma once

#include <string>

#include "tandem/record/study_record.h"

namespace tandem {

/// What could not be done the last time that the study was run, one line for each reason; empty
/// where everything was.
std::string failure_text(const StudyRecord& study);

/// At the end of a command: throws std::runtime_error that lists what failed, if anything did.
void check_nothing_failed(const StudyRecord& study);

}  // namespace tandem
