#include "probability_code.h"

#include <algorithm>
#include <cmath>

namespace tandem {

std::uint8_t code_of(double log_probability) {
  const double share = std::clamp(log_probability / kLowestLogProbability, 0.0, 1.0);
  return static_cast<std::uint8_t>(std::lround(255 * std::sqrt(share)));
}

const std::array<float, 256>& probability_of_code() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> probabilities{};
    for (std::size_t code = 0; code < probabilities.size(); ++code) {
      const double share = static_cast<double>(code) / 255;
      probabilities[code] = static_cast<float>(std::exp(kLowestLogProbability * share * share));
    }
    return probabilities;
  }();
  return table;
}

}  // namespace tandem
