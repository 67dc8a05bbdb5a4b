#include "tandem/record/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace tandem {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kQuantile = 0.975;  ///< of a two-sided interval of 95 %

}  // namespace

Estimate estimate_mean(std::span<const double> values) {
  const auto n = static_cast<std::int64_t>(values.size());
  const bool known = std::ranges::none_of(values, [](double value) { return std::isnan(value); });
  if (n == 0 || !known) {
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
  const double t = boost::math::quantile(boost::math::students_t(count - 1), kQuantile);
  return {mean, t * standard_error, n};
}

double p_of_zero(const Estimate& estimate) {
  if (estimate.n < 2 || !std::isfinite(estimate.mean) || !std::isfinite(estimate.half_width)) {
    return kNan;
  }
  if (estimate.half_width == 0) {
    return estimate.mean == 0 ? 1 : 0;
  }
  const boost::math::students_t distribution(static_cast<double>(estimate.n - 1));
  const double standard_error =
      estimate.half_width / boost::math::quantile(distribution, kQuantile);
  const double t = std::abs(estimate.mean) / standard_error;
  return 2 * boost::math::cdf(boost::math::complement(distribution, t));
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> tests;
  for (std::size_t k = 0; k < p.size(); ++k) {
    if (!std::isnan(p[k])) {
      tests.push_back(k);
    }
  }
  std::ranges::stable_sort(tests, {}, [&](std::size_t k) { return p[k]; });
  std::vector<double> corrected(p.begin(), p.end());
  double highest = 0;
  for (std::size_t rank = 0; rank < tests.size(); ++rank) {
    const double of_those_left = static_cast<double>(tests.size() - rank) * p[tests[rank]];
    highest = std::max(highest, std::min(of_those_left, 1.0));
    corrected[tests[rank]] = highest;
  }
  return corrected;
}

}  // namespace tandem
