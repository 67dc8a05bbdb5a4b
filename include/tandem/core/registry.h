#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tandem {

/// Named choices of one kind (models, augmentations, ...). Registration is explicit, duplicates are
/// refused, and asking for an unknown name lists the known ones. A name is of lower-case letters,
/// digits and '-' and begins with a letter, so that texts which hold names may use the rest.
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

  /// Throws std::invalid_argument for what is no name, and for one that is there already.
  Registry& add(std::string name, Entry entry) {
    if (!is_name(name)) {
      throw std::invalid_argument(
          kind_ + " '" + name +
          "': expected a name of lower-case letters, digits and '-' that begins with a letter");
    }
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
  static bool is_name(std::string_view text) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && is_letter(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
  }

  std::string kind_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace tandem
