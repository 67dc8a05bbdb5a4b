#pragma once

#include <string>

#include "tandem/record/study_record.h"
#include "tandem/report/summary.h"

namespace tandem::report {

// Sections of the page, each as HTML.

std::string accuracy_table_html(const StudyRecord& study, const Summary& summary);
/// What the differences of the accuracy table are paired in.
std::string pairing_html(const StudyRecord& study);

std::string cost_table_html(const StudyRecord& study, const Summary& summary);
std::string teacher_table_html(const StudyRecord& study);
std::string failure_table_html(const StudyRecord& study);
std::string provenance_html(const StudyRecord& study);

/// Style sheet of the page and the few lines of script that show a point's value at once.
std::string page_css();
std::string page_script();

}  // namespace tandem::report
