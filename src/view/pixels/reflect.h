#pragma once

#include <algorithm>
#include <cstdint>

namespace tandem {

/// Place of `place` within 0..size-1, mirrored at the outermost pixels as often as it takes.
inline std::int64_t reflected(std::int64_t place, std::int64_t size) {
  const std::int64_t period = std::max<std::int64_t>(2 * (size - 1), 1);
  place = ((place % period) + period) % period;
  return std::min(place, period - place);
}

}  // namespace tandem
