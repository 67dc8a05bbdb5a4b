#include "tandem/record/statistics.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace tandem {

Estimate estimate_mean(std::span<const double> values) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const auto n = static_cast<std::int64_t>(values.size());
  if (n == 0) {
    return {kNan, kNan, 0};
  }
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  const double count = static_cast<double>(n);
  const double mean = sum / count;
  if (n == 1) {
    return {mean, kNan, 1};
  }
  double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  const double standard_error = std::sqrt(squares / (count - 1) / count);
  const double t = boost::math::quantile(boost::math::students_t(count - 1), 0.975);
  return {mean, t * standard_error, n};
}

}  // namespace tandem
