#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem {

/// How one target is made where many views share it: the teacher's answer to the canonical view, or
/// the mean over `views` drawn ones.
struct Fusion {
  std::int64_t views = 0;  ///< 0: the canonical view

  /// "canonical" or "mean:M" with M >= 1; anything else is std::invalid_argument.
  static Fusion parse(std::string_view text);
  std::string text() const;

  friend bool operator==(const Fusion&, const Fusion&) = default;
};

}  // namespace tandem
