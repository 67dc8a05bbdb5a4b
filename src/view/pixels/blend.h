#pragma once

#include <algorithm>
#include <cstdint>

namespace tandem {

/// Moves `from` towards `to` by a factor in units of 1/65536, 1 being all the way and more being
/// beyond it: rounded down and kept within 0..255.
inline std::uint8_t blend(std::int32_t from, std::int32_t to, std::int32_t factor) {
  const std::int32_t value = (from * 65536 + factor * (to - from)) >> 16;
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

}  // namespace tandem
