#include "tandem/learn/rate_schedule.h"

#include <gtest/gtest.h>

namespace tandem {
namespace {

TEST(RateSchedule, WarmsUpLinearlyToThePeak) {
  const RateSchedule rates({.rate = 0.8, .schedule = "constant", .warmup = 0.1}, 100);
  EXPECT_DOUBLE_EQ(rates.at(0), 0.08);
  EXPECT_DOUBLE_EQ(rates.at(4), 0.4);
  EXPECT_DOUBLE_EQ(rates.at(9), 0.8);
  EXPECT_DOUBLE_EQ(rates.at(99), 0.8);
}

TEST(RateSchedule, ThatDecaysFallsFromThePeakTowardsZero) {
  for (const char* schedule : {"cosine", "one-cycle"}) {
    const RateSchedule rates({.rate = 1, .schedule = schedule, .warmup = 0}, 100);
    EXPECT_DOUBLE_EQ(rates.at(0), 1);
    EXPECT_NEAR(rates.at(50), 0.5, 1e-12);
    EXPECT_LT(rates.at(99), 0.011);
    for (std::int64_t step = 1; step < 100; ++step) {
      EXPECT_LT(rates.at(step), rates.at(step - 1)) << schedule;
    }
  }
}

}  // namespace
}  // namespace tandem
