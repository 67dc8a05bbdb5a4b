#pragma once

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tandem/record/fields.h"

namespace tandem {

using Json = nlohmann::ordered_json;

/// Version of all records. Those of version 1 lack what study.json says now, and name trials by
/// other ids; those of version 2 do not say a cell's batch, its pairing, all of its teachers and
/// what failed.
inline constexpr int kRecordVersion = 3;

template <typename Value>
Json to_json_value(const std::vector<Value>& values);

template <typename Value>
Json to_json_value(const Value& value) {
  if constexpr (Scalar<Value>) {
    return value;
  } else {
    Json object = Json::object();
    Value::visit(value, [&](std::string_view key, const auto& field, std::string_view) {
      object[std::string(key)] = to_json_value(field);
    });
    return object;
  }
}

template <typename Value>
Json to_json_value(const std::vector<Value>& values) {
  Json array = Json::array();
  for (const Value& value : values) {
    array.push_back(to_json_value(value));
  }
  return array;
}

/// Fills records from JSON and refuses in words.
class RecordReader {
 public:
  explicit RecordReader(const std::string& source) : source_(source) {}

  /// Parses `text`, whose top level is `what`, and notes its version.
  Json parse(const std::string& text, const char* what);

  template <typename Value>
  void read(const Json& value, Value& into, const std::string& where) const {
    if constexpr (std::is_same_v<Value, std::string>) {
      expect(value.is_string(), "text", value, where);
      into = value.get<std::string>();
    } else if constexpr (std::is_same_v<Value, bool>) {
      expect(value.is_boolean(), "true or false", value, where);
      into = value.get<bool>();
    } else if constexpr (std::is_floating_point_v<Value>) {
      expect(value.is_number() || value.is_null(), "a number or null", value, where);
      into = value.is_null() ? kUnknown : value.get<Value>();
    } else if constexpr (std::is_unsigned_v<Value>) {
      expect(value.is_number_unsigned(), "a whole number that is not negative", value, where);
      into = value.get<Value>();
    } else if constexpr (std::is_integral_v<Value>) {
      expect(value.is_number_integer(), "a whole number", value, where);
      into = value.get<Value>();
    } else {
      expect(value.is_object(), "an object", value, where);
      Value::visit(into, [&](std::string_view key, auto& field, std::string_view) {
        const std::string place =
            where.empty() ? std::string(key) : fmt::format("{}.{}", where, key);
        const auto found = value.find(key);
        if (found != value.end()) {
          read(*found, field, place);
        } else if (version_ < kRecordVersion) {
          leave_unknown(field);
        } else {
          fail(fmt::format("expected the key \"{}\", found none", place));
        }
      });
    }
  }

  template <typename Value>
  void read(const Json& value, std::vector<Value>& into, const std::string& where) const {
    expect(value.is_array(), "an array", value, where);
    into.resize(value.size());
    for (std::size_t k = 0; k < value.size(); ++k) {
      read(value[k], into[k], fmt::format("{}[{}]", where, k));
    }
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(fmt::format("{}: {}", source_, what));
  }

 private:
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

  /// What an older record does not say: NaN, and no text and no list.
  template <typename Value>
  static void leave_unknown(Value& field) {
    field = Value{};
    if constexpr (std::is_floating_point_v<Value>) {
      field = kUnknown;
    } else if constexpr (!Scalar<Value> && !requires { typename Value::value_type; }) {
      Value::visit(field,
                   [](std::string_view, auto& inner, std::string_view) { leave_unknown(inner); });
    }
  }

  void expect(bool holds, const char* expected, const Json& value, const std::string& where) const {
    if (!holds) {
      fail(fmt::format("{}: expected {}, found {}", where.empty() ? "record" : where, expected,
                       value.type_name()));
    }
  }

  const std::string& source_;
  int version_ = kRecordVersion;
};

}  // namespace tandem
