#include "scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace tandem {
namespace {

std::vector<std::string> labels(const Scale& scale, int most) {
  std::vector<std::string> labels;
  for (const Tick& tick : scale.ticks(most)) {
    labels.push_back(tick.label);
  }
  return labels;
}

using Labels = std::vector<std::string>;

TEST(Scale, PlacesValuesLinearlyOrByTheirLogarithm) {
  EXPECT_DOUBLE_EQ(Scale::linear(10, 30).position(15), 0.25);
  EXPECT_DOUBLE_EQ(Scale::logarithmic(1, 10000).position(10), 0.25);
}

TEST(Scale, KeepsValuesOutsideTheDomainAtItsEnds) {
  EXPECT_EQ(Scale::logarithmic(1, 100).position(0), 0);
  EXPECT_EQ(Scale::logarithmic(1, 100).position(-5), 0);
  EXPECT_EQ(Scale::linear(0, 1).position(7), 1);
}

TEST(Scale, HasRoundTicksAndNotTooMany) {
  EXPECT_EQ(labels(Scale::linear(0, 100), 6), (Labels{"0", "20", "40", "60", "80", "100"}));
  EXPECT_EQ(labels(Scale::linear(-0.1, 0.1), 3), (Labels{"-0.1", "0", "0.1"}));
  EXPECT_EQ(labels(Scale::logarithmic(3, 800), 10),
            (Labels{"5", "10", "20", "50", "100", "200", "500"}));
  EXPECT_EQ(labels(Scale::logarithmic(0.01, 1000), 8),
            (Labels{"0.01", "0.1", "1", "10", "100", "1000"}));
}

TEST(Scale, HasTicksOnALogarithmicAxisShorterThanADecade) {
  const auto ticks = Scale::logarithmic(21, 48).ticks(6);
  ASSERT_GE(ticks.size(), 2u);
  for (const Tick& tick : ticks) {
    EXPECT_GE(tick.value, 21);
    EXPECT_LE(tick.value, 48);
  }
}

TEST(Scale, RefusesAnEmptyOrEndlessDomain) {
  EXPECT_THROW(Scale::linear(1, 1), std::invalid_argument);
  EXPECT_THROW(Scale::linear(0, std::numeric_limits<double>::infinity()), std::invalid_argument);
  EXPECT_THROW(Scale::linear(std::nan(""), 1), std::invalid_argument);
  EXPECT_THROW(Scale::logarithmic(0, 1), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
