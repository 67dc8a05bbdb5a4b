#pragma once

#include <string>

namespace tandem {

// Names that become folders, files and fields of tables. Each throws std::invalid_argument that
// says which names are good.

/// Of a study, whose folder is runs/<name>.
void check_study_name(const std::string& name);

/// Of a cell: one line, and no formula to a spreadsheet.
void check_cell_name(const std::string& name);

/// Whether a name has no control characters and begins like none that tables must not hold.
bool is_plain_name(const std::string& name);

}  // namespace tandem
