#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "config_data.h"

namespace tandem {
namespace {

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

/// Fills a struct from a table and remembers which keys exist, to judge the rest.
class ReadingVisitor : public ConfigVisitor {
 public:
  ReadingVisitor(const ConfigOrigins& origins, const toml::table& table) : origins_(origins) {
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
      throw wrong_type(key, "a table", *node);
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

  std::invalid_argument wrong_type(std::string_view key, std::string_view expected,
                                   const toml::node& node) const {
    const std::string path = path_to(key);
    return std::invalid_argument(fmt::format("{}: '{}' must be {}, got {}", origins_.place(path),
                                             path, expected, toml_text(node)));
  }

  template <typename Value>
  Value convert(std::string_view key, const toml::node& node) const {
    if (const toml::value<Value>* value = node.as<Value>()) {
      return value->get();
    }
    // Integers serve as numbers ("rate = 1"), nothing else is converted.
    if constexpr (std::is_same_v<Value, double>) {
      if (const toml::value<std::int64_t>* integer = node.as_integer()) {
        return static_cast<double>(integer->get());
      }
    }
    throw wrong_type(key, kTypeName<Value>, node);
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
      const std::string path = path_to(key.str());
      const std::string nearest = nearest_word(key.str(), level.known);
      throw std::invalid_argument(
          fmt::format("{}: unknown key '{}'{}; known: {}", origins_.place(path), path,
                      nearest.empty() ? "" : fmt::format(", did you mean '{}'?", path_to(nearest)),
                      fmt::join(level.known, ", ")));
    }
  }

  const ConfigOrigins& origins_;
  std::vector<Level> levels_;
};

}  // namespace

void ConfigTable::read(const std::function<void(ConfigVisitor&)>& visit) const {
  ReadingVisitor visitor(data_->origins, data_->table);
  visit(visitor);
  visitor.finish();
}

std::string toml_text(const toml::node& node) {
  std::ostringstream stream;
  node.visit([&](const auto& value) { stream << value; });
  return stream.str();
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
