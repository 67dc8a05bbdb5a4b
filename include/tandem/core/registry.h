#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

/// Named choices of one kind (models, augmentations, ...). Registration is explicit, duplicates are
/// refused, and asking for an unknown name lists the known ones.
///
/// Entries are never removed and never move: what at() gave stays valid and the same, whatever is
/// registered later. Nothing is locked, so a registry that programs may add to must be filled
/// before other threads ask it. Such a registry is a static of a function, made at its first use
/// with Tandem's own entries in it, and so is there for whoever registers before main begins.
template <typename Entry>
class Registry {
 public:
  /// `kind` is the noun used in error messages, e.g. "model".
  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  Registry& add(std::string name, Entry entry) {
    if (!entries_.emplace(name, std::move(entry)).second) {
      throw std::invalid_argument(fmt::format("{} '{}' is registered twice", kind_, name));
    }
    return *this;
  }

  /// Throws std::invalid_argument that lists the known names.
  const Entry& at(std::string_view name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
      throw std::invalid_argument(
          fmt::format("unknown {} '{}'; known: {}", kind_, name, fmt::join(names(), ", ")));
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
