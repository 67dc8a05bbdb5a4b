#pragma once

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tandem/record/fields.h"
#include "tandem/report/csv.h"

namespace tandem::report {

/// One row of a table with its columns. A table's header is the columns of a row of nothing.
class CsvRow {
 public:
  /// One field.
  template <typename Value>
  CsvRow& add(std::string column, const Value& value, std::string_view words) {
    columns_.push_back({std::move(column), std::string(words)});
    values_.push_back(text_of(value));
    return *this;
  }

  /// All scalar fields of a record. `renamed` gives some other names, an empty one leaves out.
  template <typename Record>
  CsvRow& add_fields(const Record& record, const std::map<std::string, std::string>& renamed = {}) {
    Record::visit(record, [&](std::string_view key, const auto& value, std::string_view words) {
      if constexpr (Scalar<std::remove_cvref_t<decltype(value)>>) {
        const auto other = renamed.find(std::string(key));
        const std::string column = other == renamed.end() ? std::string(key) : other->second;
        if (!column.empty()) {
          add(column, value, words);
        }
      }
    });
    return *this;
  }

  const std::vector<FieldInfo>& columns() const { return columns_; }
  std::string header() const;
  std::string line() const;

 private:
  template <typename Value>
  static std::string text_of(const Value& value) {
    if constexpr (std::is_same_v<Value, bool>) {
      return value ? "yes" : "no";
    } else if constexpr (std::is_floating_point_v<Value>) {
      return std::isfinite(value) ? fmt::format("{}", value) : "";
    } else if constexpr (std::is_integral_v<Value>) {
      return fmt::format("{}", value);
    } else {
      return csv_field(value);
    }
  }

  std::vector<FieldInfo> columns_;
  std::vector<std::string> values_;
};

}  // namespace tandem::report
