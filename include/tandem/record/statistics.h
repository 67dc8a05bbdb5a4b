#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tandem {

/// A mean with its 95 % confidence interval, `mean +- half_width`.
struct Estimate {
  double mean = 0;
  double half_width = 0;  ///< NaN for fewer than two values
  std::int64_t n = 0;
};

/// Student's t interval of the mean of independent values (two-sided, 95 %). NaN mean and n = 0 for
/// no values, and where one of them is not a number: of what is not known there is no mean.
Estimate estimate_mean(std::span<const double> values);

/// Two-sided p of Student's t test that the mean behind an estimate is 0. NaN where it has no
/// interval; of equal values (no width) 0, or 1 where they are 0.
double p_of_zero(const Estimate& estimate);

/// p values corrected for their number (Holm, "A Simple Sequentially Rejective Multiple Test
/// Procedure", 1979): those of at most 0.05 may all be called different with a chance of 5 % that
/// any of them is not. What is not a number is no test: it does not count and stays as it is.
std::vector<double> holm(std::span<const double> p);

}  // namespace tandem
