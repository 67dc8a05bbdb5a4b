#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tandem {

// A record names its fields once: `static void visit(Self& self, Field&& field)` calls
// `field(key, self.member, words)` for each, in the order in which people read them. JSON, training
// checkpoints, columns of CSV and the help on them follow from it. Fields are numbers, bool, text,
// other records, and lists of these.

/// Text of a table that begins with one of these is a formula to spreadsheets.
inline constexpr std::string_view kFormulaSigns = "=+-@\t\r";

/// A value that stands in one field of a table.
template <typename Value>
concept Scalar = std::is_arithmetic_v<Value> || std::same_as<Value, std::string>;

/// A field of a record that is one scalar: a column.
struct FieldInfo {
  std::string key;
  std::string words;
};

/// The scalar fields of `Record`, in order.
template <typename Record>
std::vector<FieldInfo> scalar_fields() {
  std::vector<FieldInfo> fields;
  const Record record{};
  Record::visit(record, [&](std::string_view key, const auto& value, std::string_view words) {
    if constexpr (Scalar<std::remove_cvref_t<decltype(value)>>) {
      fields.push_back({std::string(key), std::string(words)});
    }
  });
  return fields;
}

}  // namespace tandem
