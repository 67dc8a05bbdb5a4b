#include "tandem/core/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "config_data.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/parameter_text.h"
#include "tandem/core/utf8.h"

namespace tandem {
namespace {

/// Of lists in one table; far more than anybody trains.
constexpr std::size_t kMostCombinations = 100'000;

/// Dotted paths of all keys that hold lists.
void find_lists(const toml::table& table, const std::string& prefix,
                std::vector<std::pair<std::string, const toml::array*>>& lists) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix + std::string(key.str());
    if (const toml::array* values = node.as_array()) {
      lists.emplace_back(path, values);
    } else if (const toml::table* inner = node.as_table()) {
      find_lists(*inner, path + ".", lists);
    }
  }
}

void insert_at(toml::table& root, std::string_view path, const toml::node& value) {
  toml::table* table = &root;
  std::string_view rest = path;
  while (true) {
    const std::size_t dot = rest.find('.');
    const std::string_view key = rest.substr(0, dot);
    if (key.empty()) {
      throw std::invalid_argument(fmt::format("expected names between dots, got '{}'", path));
    }
    if (dot == std::string_view::npos) {
      table->insert_or_assign(key, value);
      return;
    }
    toml::node& node = table->insert(key, toml::table{}).first->second;
    if (!node.is_table()) {
      throw std::invalid_argument(
          fmt::format("'{}': '{}' is a value and has no keys below it", path, key));
    }
    table = node.as_table();
    rest = rest.substr(dot + 1);
  }
}

}  // namespace

ConfigTable::ConfigTable(std::string source)
    : data_(std::make_unique<Data>(Data{{}, ConfigOrigins(std::move(source))})) {}
ConfigTable::~ConfigTable() = default;
ConfigTable::ConfigTable(const ConfigTable& other) : data_(std::make_unique<Data>(*other.data_)) {}
ConfigTable::ConfigTable(ConfigTable&&) noexcept = default;
ConfigTable& ConfigTable::operator=(const ConfigTable& other) {
  data_ = std::make_unique<Data>(*other.data_);
  return *this;
}
ConfigTable& ConfigTable::operator=(ConfigTable&&) noexcept = default;

ConfigTable ConfigTable::from_file(const std::filesystem::path& path) {
  return from_text(read_file(path), path.string());
}

ConfigTable ConfigTable::from_text(std::string_view text, std::string source) {
  ConfigTable table(source);
  try {
    table.data_->table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw std::invalid_argument(fmt::format("{}:{}:{}: {}", source, error.source().begin.line,
                                            error.source().begin.column, error.description()));
  }
  table.data_->origins.note(table.data_->table);
  return table;
}

void ConfigTable::assign(std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  const std::string_view key = trimmed(assignment.substr(0, equals));
  if (equals == std::string_view::npos || key.empty()) {
    throw std::invalid_argument(fmt::format("expected key=value, got '{}'", assignment));
  }
  const std::string_view value = trimmed(assignment.substr(equals + 1));
  if (!is_utf8(assignment)) {
    throw std::invalid_argument(fmt::format("{}: expected text in UTF-8, found other bytes",
                                            is_utf8(key) ? fmt::format("'{}'", key) : "key=value"));
  }
  toml::table parsed;
  try {
    parsed = toml::parse(fmt::format("value = {}", value));
  } catch (const toml::parse_error&) {
    parsed.clear();
  }
  if (parsed.size() != 1) {  // not TOML, or text with line ends that reads as several keys
    parsed = toml::table{{"value", std::string(value)}};
  }
  insert_at(data_->table, key, *parsed.get("value"));
  data_->origins.note(std::string(key), fmt::format("'{}'", assignment));
}

ConfigTable ConfigTable::take_table(std::string_view key) {
  ConfigTable taken(data_->origins.source());
  toml::node* node = data_->table.get(key);
  if (node == nullptr) {
    return taken;
  }
  if (!node->is_table()) {
    throw std::invalid_argument(fmt::format("{}: '{}' must be a table, got {}",
                                            data_->origins.place(key), key, toml_text(*node)));
  }
  *taken.data_ = {std::move(*node->as_table()), data_->origins.below(key)};
  data_->table.erase(key);
  return taken;
}

std::vector<ConfigTable> ConfigTable::take_tables(std::string_view key) {
  std::vector<ConfigTable> taken;
  toml::node* node = data_->table.get(key);
  if (node == nullptr) {
    return taken;
  }
  if (!node->is_array_of_tables()) {
    throw std::invalid_argument(fmt::format("{}: '{}' must be a list of tables ([[{}]]), got {}",
                                            data_->origins.place(key), key, key, toml_text(*node)));
  }
  for (toml::node& element : *node->as_array()) {
    const std::string path = fmt::format("{}[{}]", key, taken.size());
    taken.emplace_back(data_->origins.source());
    *taken.back().data_ = {std::move(*element.as_table()), data_->origins.below(path)};
  }
  data_->table.erase(key);
  return taken;
}

std::vector<ConfigTable> ConfigTable::expand_lists(const std::vector<std::string>& except) const {
  const ConfigOrigins& origins = data_->origins;
  std::vector<std::pair<std::string, const toml::array*>> lists;
  find_lists(data_->table, "", lists);
  std::erase_if(lists, [&](const auto& list) {
    return std::find(except.begin(), except.end(), list.first) != except.end();
  });
  // toml++ sorts keys by name; a grid reads better in the order of the file.
  std::stable_sort(lists.begin(), lists.end(), [&](const auto& a, const auto& b) {
    return origins.order(a.first) < origins.order(b.first);
  });
  std::vector<ConfigTable> expanded{*this};
  for (const auto& [path, values] : lists) {
    if (values->empty()) {
      throw std::invalid_argument(
          fmt::format("{}: '{}' is an empty list, of which no combination can be made",
                      origins.place(path), path));
    }
    if (values->size() > kMostCombinations / expanded.size()) {
      throw std::invalid_argument(
          fmt::format("{}: the lists make more than {} combinations, of which '{}' is the last",
                      origins.place(path), kMostCombinations, path));
    }
    std::vector<ConfigTable> next;
    for (const ConfigTable& table : expanded) {
      for (const toml::node& value : *values) {
        next.push_back(table);
        insert_at(next.back().data_->table, path, value);
      }
    }
    expanded = std::move(next);
  }
  return expanded;
}

std::string ConfigTable::to_text() const {
  // Of the ways to write a text only this one reads back as the same text, whatever it holds.
  using Formatter = toml::toml_formatter;
  constexpr auto kBasicStrings =
      Formatter::default_flags &
      ~(toml::format_flags::allow_literal_strings | toml::format_flags::allow_multi_line_strings);
  std::ostringstream text;
  text << Formatter(data_->table, kBasicStrings);
  return text.str();
}

}  // namespace tandem
