#include "csv_row.h"

namespace tandem::report {

std::string CsvRow::header() const {
  std::string line;
  for (const FieldInfo& column : columns_) {
    line += (line.empty() ? "" : ",") + column.key;
  }
  return line + "\n";
}

std::string CsvRow::line() const {
  std::string line;
  for (std::size_t k = 0; k < values_.size(); ++k) {
    line += (k == 0 ? "" : ",") + values_[k];
  }
  return line + "\n";
}

}  // namespace tandem::report
