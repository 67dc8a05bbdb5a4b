#include "tandem/record/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
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

TEST(EstimateMean, OfSomethingUnknownIsUnknown) {
  const std::vector<double> values = {1, std::numeric_limits<double>::quiet_NaN(), 3};
  EXPECT_TRUE(std::isnan(estimate_mean(values).mean));
  EXPECT_EQ(estimate_mean(values).n, 0);
}

TEST(Holm, AndThePValuesItCorrectsAreThoseOfTheReference) {
  const auto path = std::filesystem::path(TANDEM_TEST_REFERENCE_DIR) / "values" / "holm.json";
  const auto reference = nlohmann::json::parse(std::ifstream(path));
  const auto differences = reference.at("differences").get<std::vector<std::vector<double>>>();
  const auto expected = reference.at("holm").get<std::vector<double>>();
  std::vector<double> p;
  for (const std::vector<double>& sample : differences) {
    p.push_back(p_of_zero(estimate_mean(sample)));
    EXPECT_NEAR(p.back(), reference.at("p")[p.size() - 1].get<double>(), 1e-9);
  }
  const std::vector<double> corrected = holm(p);
  ASSERT_EQ(corrected.size(), expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) {
    EXPECT_NEAR(corrected[k], expected[k], 1e-9) << k;
  }
}

TEST(Holm, MultipliesByTheTestsLeftAndNeverFallsBelowASmallerOne) {
  const std::vector<double> p = {0.04, 0.01, 0.03, 0.02, 0.05};
  // 5 x 0.01, 4 x 0.02, 3 x 0.03, then 2 x 0.04 and 0.05, which may not be less than 0.09.
  const std::vector<double> expected = {0.09, 0.05, 0.09, 0.08, 0.09};
  const std::vector<double> corrected = holm(p);
  for (std::size_t k = 0; k < p.size(); ++k) {
    EXPECT_DOUBLE_EQ(corrected[k], expected[k]) << k;
  }
  EXPECT_EQ(holm(std::vector<double>{0.9, 0.8}), (std::vector<double>{1, 1}));
}

TEST(Holm, DoesNotCountWhatWasNotTested) {
  const std::vector<double> p = {std::numeric_limits<double>::quiet_NaN(), 0.01};
  const std::vector<double> corrected = holm(p);
  EXPECT_TRUE(std::isnan(corrected[0]));
  EXPECT_DOUBLE_EQ(corrected[1], 0.01);
}

TEST(POfZero, IsThatOfEqualValuesWhereTheyHaveNoSpreadAndUnknownForOne) {
  EXPECT_EQ(p_of_zero({.mean = 2, .half_width = 0, .n = 3}), 0);
  EXPECT_EQ(p_of_zero({.mean = 0, .half_width = 0, .n = 3}), 1);
  const std::vector<double> one = {4};
  EXPECT_TRUE(std::isnan(p_of_zero(estimate_mean(one))));
}

}  // namespace
}  // namespace tandem
