#pragma once

#include <cstdint>

namespace tandem {

/// Where one output pixel takes its value on one axis: two places in the sample and their weights,
/// which sum to 2^kWeightBits but for pixels outside the sample, whose weight is zero.
struct Tap {
  std::int32_t low = 0;
  std::int32_t high = 0;
  std::int32_t low_weight = 0;
  std::int32_t high_weight = 0;
};

inline constexpr int kWeightBits = 11;

}  // namespace tandem
