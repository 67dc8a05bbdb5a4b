#pragma once

#include <filesystem>
#include <string>

#include "tandem/record/study_record.h"

namespace tandem {

/// The report as one HTML file that needs nothing else: no network, no script for its figures. It
/// links to the CSV files that write_report puts beside it.
std::string html_page(const StudyRecord& study);

/// Writes index.html, curves.svg, evaluations.csv, summary.csv, teachers.csv and tests.csv into
/// `folder`, each atomically. Throws std::runtime_error that names the path where one cannot be
/// written.
void write_report(const StudyRecord& study, const std::filesystem::path& folder);

}  // namespace tandem
