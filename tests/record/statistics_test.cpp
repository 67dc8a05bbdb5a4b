#include "tandem/record/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tandem {
namespace {

// Values 0..n-1 scaled so that the standard error is 1: the half width is then the t quantile.
double t_quantile_through_estimate(int n) {
  std::vector<double> values(n);
  for (int k = 0; k < n; ++k) {
    values[k] = k;
  }
  const double variance = n * (n + 1) / 12.0;
  return estimate_mean(values).half_width / std::sqrt(variance / n);
}

TEST(EstimateMean, UsesStudentsTAtNinetyFivePercent) {
  // Two-sided 95 % quantiles for 1, 4 and 9 degrees of freedom, from printed tables.
  EXPECT_NEAR(t_quantile_through_estimate(2), 12.706, 5e-4);
  EXPECT_NEAR(t_quantile_through_estimate(5), 2.776, 5e-4);
  EXPECT_NEAR(t_quantile_through_estimate(10), 2.262, 5e-4);
}

TEST(EstimateMean, GivesTheMeanAndTheCount) {
  const std::vector<double> values = {1, 2, 6};
  const Estimate estimate = estimate_mean(values);
  EXPECT_DOUBLE_EQ(estimate.mean, 3);
  EXPECT_EQ(estimate.n, 3);
}

TEST(EstimateMean, HasNoWidthForOneValueAndNoMeanForNone) {
  const std::vector<double> one = {4};
  EXPECT_EQ(estimate_mean(one).mean, 4);
  EXPECT_TRUE(std::isnan(estimate_mean(one).half_width));
  EXPECT_TRUE(std::isnan(estimate_mean({}).mean));
  EXPECT_EQ(estimate_mean({}).n, 0);
}

TEST(EstimateMean, HasZeroWidthForEqualValues) {
  const std::vector<double> equal = {7, 7, 7};
  EXPECT_EQ(estimate_mean(equal).half_width, 0);
}

}  // namespace
}  // namespace tandem
