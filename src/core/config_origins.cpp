#include "config_origins.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace tandem {
namespace {

using Noted = std::pair<toml::source_position, std::string>;

void collect(const toml::table& table, const std::string& prefix, std::vector<Noted>& noted) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix + std::string(key.str());
    noted.emplace_back(node.source().begin, path);
    if (const toml::table* inner = node.as_table()) {
      collect(*inner, path + ".", noted);
    } else if (node.is_array_of_tables()) {
      std::size_t index = 0;
      for (const toml::node& element : *node.as_array()) {
        collect(*element.as_table(), fmt::format("{}[{}].", path, index++), noted);
      }
    }
  }
}

}  // namespace

void ConfigOrigins::note(const toml::table& parsed) {
  std::vector<Noted> noted;
  collect(parsed, "", noted);
  std::stable_sort(noted.begin(), noted.end(),
                   [](const Noted& a, const Noted& b) { return a.first < b.first; });
  for (auto& [position, path] : noted) {
    note(std::move(path),
         position.line > 0 ? fmt::format("{}:{}", source_, position.line) : source_);
  }
}

void ConfigOrigins::note(std::string path, std::string place) {
  const auto [origin, added] = origins_.try_emplace(std::move(path), Origin{"", next_});
  origin->second.place = std::move(place);
  next_ += added;
}

ConfigOrigins ConfigOrigins::below(std::string_view path) const {
  ConfigOrigins inner(source_);
  inner.next_ = next_;
  for (const auto& [key, origin] : origins_) {
    if (key == path) {
      inner.origins_.emplace("", origin);
    } else if (key.starts_with(path) && key[path.size()] == '.') {
      inner.origins_.emplace(key.substr(path.size() + 1), origin);
    }
  }
  return inner;
}

const std::string& ConfigOrigins::place(std::string_view path) const {
  const Origin* origin = find(path);
  return origin == nullptr ? source_ : origin->place;
}

std::size_t ConfigOrigins::order(std::string_view path) const {
  const Origin* origin = find(path);
  return origin == nullptr ? next_ : origin->order;
}

const ConfigOrigins::Origin* ConfigOrigins::find(std::string_view path) const {
  while (true) {
    if (const auto found = origins_.find(path); found != origins_.end()) {
      return &found->second;
    }
    if (path.empty()) {
      return nullptr;
    }
    const std::size_t dot = path.rfind('.');
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
  }
}

}  // namespace tandem
