#pragma once

#include <cstdint>
#include <span>

namespace tandem {

/// A mean with its 95 % confidence interval, `mean +- half_width`.
struct Estimate {
  double mean = 0;
  double half_width = 0;  ///< NaN for fewer than two values
  std::int64_t n = 0;
};

/// Student's t interval of the mean of independent values (two-sided, 95 %).
/// NaN mean for no values.
Estimate estimate_mean(std::span<const double> values);

}  // namespace tandem
