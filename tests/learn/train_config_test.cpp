#include "tandem/learn/train_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace tandem {
namespace {

TEST(TotalSteps, OfSamplesAndEpochsAreTheirWholeBatchesAndAtLeastOne) {
  EXPECT_EQ(total_steps({.batch = 100, .steps = 7}, 1000), 7);
  EXPECT_EQ(total_steps({.batch = 100, .samples = 1099}, 1000), 10);
  EXPECT_EQ(total_steps({.batch = 100, .samples = 1100}, 1000), 11);
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(total_steps({.batch = 1, .samples = kMost}, 1000), kMost);
  EXPECT_EQ(total_steps({.batch = 100, .epochs = 1.5}, 1000), 15);
  EXPECT_EQ(total_steps({.batch = 64, .epochs = 3}, 1000), 46);
  EXPECT_EQ(total_steps({.batch = 100, .epochs = 0.001}, 1000), 1);
  EXPECT_EQ(total_steps({.batch = 1, .epochs = 0.29}, 100), 29);  // a hair less in fp64
}

TEST(TotalSteps, OfEpochsBeginNoFurtherVisitWhateverTheBatch) {
  for (std::int64_t batch = 1; batch <= 100; ++batch) {
    for (const double epochs : {1, 2, 7}) {
      const std::int64_t steps = total_steps({.batch = batch, .epochs = epochs}, 100);
      EXPECT_LE(steps * batch, 100 * static_cast<std::int64_t>(epochs)) << batch;
    }
  }
}

TEST(TotalSteps, WantsExactlyOneBudget) {
  EXPECT_THROW(total_steps({}, 1000), std::invalid_argument);
  EXPECT_THROW(total_steps({.steps = 5, .epochs = 1}, 1000), std::invalid_argument);
}

TEST(TotalSteps, RefusesValuesOutOfRangeAndNamesTheKey) {
  const auto message = [](const TrainConfig& config) -> std::string {
    try {
      total_steps(config, 1000);
      return "accepted";
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  };
  EXPECT_THAT(message({.steps = 1, .rate = -1}), testing::HasSubstr("train.rate"));
  EXPECT_THAT(message({.batch = 0, .steps = 1}), testing::HasSubstr("train.batch"));
  EXPECT_THAT(message({.batch = 1001, .steps = 1}), testing::HasSubstr("train.batch"));
  EXPECT_THAT(message({.steps = 1, .schedule = "step"}), testing::HasSubstr("one-cycle"));
  EXPECT_THAT(message({.steps = 1, .warmup = 1}), testing::HasSubstr("train.warmup"));
}

TEST(TotalSteps, RefusesAMomentumThatTheOptimiserDoesNotTake) {
  EXPECT_THROW(total_steps({.steps = 1, .optimizer = "adamw", .momentum = 0.5}, 1000),
               std::invalid_argument);
  EXPECT_EQ(total_steps({.steps = 1, .optimizer = "adamw"}, 1000), 1);
}

TEST(EvaluationSteps, AreLogSpacedAscendingAndEndWithTheLast) {
  const auto steps = evaluation_steps({.evaluations = 5}, 10000);
  EXPECT_THAT(steps, testing::ElementsAre(100, 316, 1000, 3162, 10000));
}

TEST(EvaluationSteps, ContainTheWishedOnesWithoutDuplicates) {
  const auto steps = evaluation_steps({.evaluations = 3, .evaluate_at = {50, 100, 999}}, 100);
  EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end()));
  EXPECT_EQ(std::adjacent_find(steps.begin(), steps.end()), steps.end());
  EXPECT_THAT(steps, testing::Contains(50));
  EXPECT_EQ(steps.back(), 100);
}

}  // namespace
}  // namespace tandem
