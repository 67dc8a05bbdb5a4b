#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tandem/record/fields.h"
#include "tandem/record/study_record.h"

namespace tandem {

// Tables of a study, quoted as in RFC 4180, one header line, lines ended by "\n". Numbers are
// written so that they read back exactly; what is not a number is an empty field. Columns follow
// from the fields of records.

/// One row per evaluation of every trial: everything that was measured during training.
std::string evaluations_csv(const StudyRecord& study);

/// One row per reading of the test split.
std::string tests_csv(const StudyRecord& study);

/// One row per cell, measure and place (`at` is a budget in steps or a goal in percent): mean, half
/// width of the 95 % interval and the number of values behind it.
std::string summary_csv(const StudyRecord& study);

/// One row per teacher of the study's ladder: what it cost and how good it is.
std::string teachers_csv(const StudyRecord& study);

/// A table by its file's name, with its columns in order and what they mean.
struct CsvTable {
  std::string file;
  std::string rows;  ///< what a row is
  std::vector<FieldInfo> columns;
};
std::vector<CsvTable> csv_tables();

/// `text` as one field: in quotes where it holds a comma, a quote or a line break. Before what a
/// spreadsheet would take for a formula (kFormulaSigns) comes an apostrophe.
std::string csv_field(std::string_view text);

}  // namespace tandem
