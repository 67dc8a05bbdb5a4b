#include "tandem/core/config.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <numeric>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tandem/core/atomic_file.h"

namespace tandem {

struct ConfigTable::Data {
  std::string source;
  toml::table table;
};

namespace {

std::string place(const std::string& source, const toml::node& node) {
  const auto line = node.source().begin.line;
  return line > 0 ? fmt::format("{}:{}", source, line) : source;
}

template <typename Value>
constexpr std::string_view kTypeName = "?";
template <>
constexpr std::string_view kTypeName<bool> = "true or false";
template <>
constexpr std::string_view kTypeName<std::int64_t> = "an integer";
template <>
constexpr std::string_view kTypeName<double> = "a number";
template <>
constexpr std::string_view kTypeName<std::string> = "text";

std::string text_of(const toml::node& node) {
  std::ostringstream stream;
  node.visit([&](const auto& value) { stream << value; });
  return stream.str();
}

/// Fills a struct from a table and remembers which keys exist, to judge the rest.
class ReadingVisitor : public ConfigVisitor {
 public:
  ReadingVisitor(const std::string& source, const toml::table& table) : source_(source) {
    levels_.push_back({"", &table, {}});
  }

  void field(std::string_view key, bool& value) override { scalar(key, value); }
  void field(std::string_view key, std::int64_t& value) override { scalar(key, value); }
  void field(std::string_view key, double& value) override { scalar(key, value); }
  void field(std::string_view key, std::string& value) override { scalar(key, value); }
  void field(std::string_view key, std::vector<std::int64_t>& value) override { list(key, value); }
  void field(std::string_view key, std::vector<double>& value) override { list(key, value); }
  void field(std::string_view key, std::vector<std::string>& value) override { list(key, value); }

  void finish() { check_unknown(); }

 protected:
  void enter(std::string_view key) override {
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_table()) {
      throw std::invalid_argument(fmt::format("{}: '{}' must be a table, got {}",
                                              place(source_, *node), path_to(key), text_of(*node)));
    }
    levels_.push_back({path_to(key), node == nullptr ? nullptr : node->as_table(), {}});
  }

  void leave() override {
    check_unknown();
    levels_.pop_back();
  }

 private:
  struct Level {
    std::string path;
    const toml::table* table;
    std::vector<std::string> known;
  };

  std::string path_to(std::string_view key) const {
    const std::string& path = levels_.back().path;
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
  }

  const toml::node* find(std::string_view key) {
    levels_.back().known.emplace_back(key);
    return levels_.back().table == nullptr ? nullptr : levels_.back().table->get(key);
  }

  template <typename Value>
  Value convert(std::string_view key, const toml::node& node) const {
    // Integers serve as numbers ("rate = 1"), nothing else is converted.
    const bool fits = node.is<Value>() || (std::is_same_v<Value, double> && node.is_integer());
    if (!fits) {
      throw std::invalid_argument(fmt::format("{}: '{}' must be {}, got {}", place(source_, node),
                                              path_to(key), kTypeName<Value>, text_of(node)));
    }
    return *node.value<Value>();
  }

  template <typename Value>
  void scalar(std::string_view key, Value& value) {
    if (const toml::node* node = find(key)) {
      value = convert<Value>(key, *node);
    }
  }

  template <typename Value>
  void list(std::string_view key, std::vector<Value>& values) {
    const toml::node* node = find(key);
    if (node == nullptr) {
      return;
    }
    values.clear();
    if (!node->is_array()) {
      values.push_back(convert<Value>(key, *node));
      return;
    }
    for (const toml::node& element : *node->as_array()) {
      values.push_back(convert<Value>(key, element));
    }
  }

  void check_unknown() const {
    const Level& level = levels_.back();
    if (level.table == nullptr) {
      return;
    }
    for (const auto& [key, node] : *level.table) {
      if (std::find(level.known.begin(), level.known.end(), key.str()) != level.known.end()) {
        continue;
      }
      const std::string nearest = nearest_word(key.str(), level.known);
      throw std::invalid_argument(
          fmt::format("{}: unknown key '{}'{}; known: {}", place(source_, node), path_to(key.str()),
                      nearest.empty() ? "" : fmt::format(", did you mean '{}'?", path_to(nearest)),
                      fmt::join(level.known, ", ")));
    }
  }

  const std::string& source_;
  std::vector<Level> levels_;
};

/// Writes keys and values of a struct; tables after plain keys, as TOML demands.
class WritingVisitor : public ConfigVisitor {
 public:
  WritingVisitor() { levels_.emplace_back(); }

  void field(std::string_view key, bool& value) override { line(key, value ? "true" : "false"); }
  void field(std::string_view key, std::int64_t& value) override { line(key, text(value)); }
  void field(std::string_view key, double& value) override { line(key, text(value)); }
  void field(std::string_view key, std::string& value) override { line(key, text(value)); }
  void field(std::string_view key, std::vector<std::int64_t>& value) override { list(key, value); }
  void field(std::string_view key, std::vector<double>& value) override { list(key, value); }
  void field(std::string_view key, std::vector<std::string>& value) override { list(key, value); }

  std::string result() const { return levels_.front().keys + levels_.front().tables; }

 protected:
  void enter(std::string_view key) override {
    const std::string& path = levels_.back().path;
    Level level;
    level.path = path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
    levels_.push_back(std::move(level));
  }

  void leave() override {
    const Level level = levels_.back();
    levels_.pop_back();
    levels_.back().tables += fmt::format("\n[{}]\n{}{}", level.path, level.keys, level.tables);
  }

 private:
  struct Level {
    std::string path, keys, tables;
  };

  static std::string text(std::int64_t value) { return fmt::format("{}", value); }
  static std::string text(double value) {
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  }
  static std::string text(const std::string& value) {
    std::ostringstream stream;
    stream << toml::value<std::string>(value);
    return stream.str();
  }

  template <typename Value>
  void list(std::string_view key, const std::vector<Value>& values) {
    std::vector<std::string> texts;
    for (const Value& value : values) {
      texts.push_back(text(value));
    }
    line(key, fmt::format("[{}]", fmt::join(texts, ", ")));
  }

  void line(std::string_view key, std::string_view value) {
    levels_.back().keys += fmt::format("{} = {}\n", key, value);
  }

  std::vector<Level> levels_;
};

void merge_tables(toml::table& into, const toml::table& from) {
  for (const auto& [key, node] : from) {
    toml::table* target = into.get_as<toml::table>(key.str());
    if (target != nullptr && node.is_table()) {
      merge_tables(*target, *node.as_table());
    } else {
      into.insert_or_assign(key.str(), node);
    }
  }
}

/// Dotted paths of all keys of `table` that hold lists of plain values.
void find_lists(const toml::table& table, const std::string& prefix,
                std::vector<std::pair<std::string, const toml::array*>>& lists) {
  std::vector<std::pair<std::string, const toml::node*>> nodes;
  for (const auto& [key, node] : table) {
    nodes.emplace_back(prefix + std::string(key.str()), &node);
  }
  // toml++ sorts keys by name; a grid reads better in the order of the file.
  std::stable_sort(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) {
    return a.second->source().begin < b.second->source().begin;
  });
  for (const auto& [path, node] : nodes) {
    if (node->is_array()) {
      lists.emplace_back(path, node->as_array());
    } else if (node->is_table()) {
      find_lists(*node->as_table(), path + ".", lists);
    }
  }
}

toml::table& table_at(toml::table& root, std::string_view path, std::string_view whole) {
  toml::table* table = &root;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const std::string_view key = path.substr(0, dot);
    toml::node* node = table->get(key);
    if (node == nullptr) {
      node = &table->insert(key, toml::table{}).first->second;
    }
    if (!node->is_table()) {
      throw std::invalid_argument(
          fmt::format("'{}': '{}' is a value and has no keys below it", whole, key));
    }
    table = node->as_table();
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return *table;
}

void insert_at(toml::table& root, std::string_view path, const toml::node& value) {
  const std::size_t dot = path.rfind('.');
  const std::string_view folder =
      dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
  const std::string_view key = dot == std::string_view::npos ? path : path.substr(dot + 1);
  table_at(root, folder, path).insert_or_assign(key, value);
}

}  // namespace

ConfigTable::ConfigTable(std::string source)
    : data_(std::make_unique<Data>(Data{std::move(source), {}})) {}
ConfigTable::~ConfigTable() = default;
ConfigTable::ConfigTable(const ConfigTable& other) : data_(std::make_unique<Data>(*other.data_)) {}
ConfigTable::ConfigTable(ConfigTable&&) noexcept = default;
ConfigTable& ConfigTable::operator=(const ConfigTable& other) {
  *data_ = *other.data_;
  return *this;
}
ConfigTable& ConfigTable::operator=(ConfigTable&&) noexcept = default;

ConfigTable ConfigTable::from_file(const std::filesystem::path& path) {
  return from_text(read_file(path), path.string());
}

ConfigTable ConfigTable::from_text(std::string_view text, std::string source) {
  ConfigTable table(std::move(source));
  try {
    table.data_->table = toml::parse(text, table.data_->source);
  } catch (const toml::parse_error& error) {
    throw std::invalid_argument(fmt::format("{}:{}:{}: {}", table.data_->source,
                                            error.source().begin.line, error.source().begin.column,
                                            error.description()));
  }
  return table;
}

void ConfigTable::assign(std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw std::invalid_argument(fmt::format("expected key=value, got '{}'", assignment));
  }
  const std::string_view key = assignment.substr(0, equals);
  const std::string_view value = assignment.substr(equals + 1);
  toml::table parsed;
  try {
    parsed = toml::parse(fmt::format("value = {}", value));
  } catch (const toml::parse_error&) {
    parsed.insert_or_assign("value", std::string(value));
  }
  insert_at(data_->table, key, *parsed.get("value"));
}

void ConfigTable::merge(const ConfigTable& other) {
  merge_tables(data_->table, other.data_->table);
}

ConfigTable ConfigTable::take_table(std::string_view key) {
  ConfigTable taken(data_->source);
  if (const toml::node* node = data_->table.get(key)) {
    if (!node->is_table()) {
      throw std::invalid_argument(fmt::format("{}: '{}' must be a table, got {}",
                                              place(data_->source, *node), key, text_of(*node)));
    }
    taken.data_->table = *node->as_table();
    data_->table.erase(key);
  }
  return taken;
}

std::vector<ConfigTable> ConfigTable::take_tables(std::string_view key) {
  std::vector<ConfigTable> taken;
  const toml::node* node = data_->table.get(key);
  if (node == nullptr) {
    return taken;
  }
  if (!node->is_array_of_tables()) {
    throw std::invalid_argument(fmt::format("{}: '{}' must be a list of tables ([[{}]])",
                                            place(data_->source, *node), key, key));
  }
  for (const toml::node& element : *node->as_array()) {
    taken.emplace_back(data_->source);
    taken.back().data_->table = *element.as_table();
  }
  data_->table.erase(key);
  return taken;
}

std::vector<ConfigTable> ConfigTable::expand_lists() const {
  std::vector<std::pair<std::string, const toml::array*>> lists;
  find_lists(data_->table, "", lists);
  std::vector<ConfigTable> expanded{*this};
  for (const auto& [path, values] : lists) {
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
  std::ostringstream stream;
  stream << data_->table;
  return stream.str();
}

void ConfigTable::read(const std::function<void(ConfigVisitor&)>& visit) const {
  ReadingVisitor visitor(data_->source, data_->table);
  visit(visitor);
  visitor.finish();
}

std::string detail::write_config(const std::function<void(ConfigVisitor&)>& visit) {
  WritingVisitor visitor;
  visit(visitor);
  return visitor.result();
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
  std::string nearest;
  std::size_t best = std::max<std::size_t>(2, word.size() / 2) + 1;
  for (const std::string& candidate : candidates) {
    // Levenshtein distance, one row at a time.
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t substituted = diagonal + (word[i - 1] != candidate[j - 1]);
        diagonal = std::exchange(row[j], std::min({substituted, row[j] + 1, row[j - 1] + 1}));
      }
    }
    if (row.back() < best) {
      best = row.back();
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace tandem
