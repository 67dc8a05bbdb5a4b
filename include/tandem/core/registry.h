#pragma once

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tandem {

/// Named choices of one kind (models, augmentations, ...). Registration is explicit, duplicates are
/// refused, and asking for an unknown name lists the known ones.
template <typename Entry>
class Registry {
 public:
  /// `kind` is the noun used in error messages, e.g. "model".
  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  Registry& add(std::string name, Entry entry) {
    if (!entries_.emplace(name, std::move(entry)).second) {
      throw std::invalid_argument(kind_ + " '" + name + "' is registered twice");
    }
    return *this;
  }

  /// Throws std::invalid_argument that lists the known names.
  const Entry& at(std::string_view name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
      std::string known;
      for (const auto& [other, entry] : entries_) {
        known += (known.empty() ? "" : ", ") + other;
      }
      throw std::invalid_argument("unknown " + kind_ + " '" + std::string(name) +
                                  "'; known: " + known);
    }
    return found->second;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_) {
      names.push_back(name);
    }
    return names;
  }

 private:
  std::string kind_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace tandem
