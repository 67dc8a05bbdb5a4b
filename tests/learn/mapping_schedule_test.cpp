#include "tandem/learn/mapping_schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace tandem {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::shared_ptr<Mapping> table_of(std::int64_t width) {
  return std::make_shared<StoredMapping>(TargetKeys::per_class(4),
                                         std::make_shared<TensorRows>(torch::zeros({4, width})),
                                         Content::kOneHot);
}

/// A schedule that waits for `events`, one after the other.
MappingSchedule schedule_of(const std::vector<std::string>& events, double teacher_top1_pct = 0) {
  std::vector<MappingPhase> phases;
  for (const std::string& event : events) {
    phases.push_back({.mapping = table_of(4),
                      .until = SwitchEvent::parse(event),
                      .teacher_top1_pct = teacher_top1_pct});
  }
  phases.push_back({.mapping = table_of(4)});
  return MappingSchedule(std::move(phases));
}

/// The switches of a run of 30 steps with 8 steps an epoch.
std::vector<std::int64_t> switches_at(const MappingSchedule& schedule) {
  SwitchState state;
  for (std::int64_t step = 1; step <= 30; ++step) {
    schedule.after_step(state,
                        {.step = step, .epochs = static_cast<double>(step) / 8, .target_loss = 1});
  }
  return state.steps;
}

TEST(MappingSchedule, SwitchesByStepRightBeforeThatStep) {
  const MappingSchedule schedule = schedule_of({"step:3"});
  SwitchState state;
  schedule.after_step(state, {.step = 2});
  EXPECT_EQ(state.phase(), 0u);
  schedule.after_step(state, {.step = 3});
  EXPECT_EQ(state.phase(), 1u) << "three steps are done, 0..2; step 3 uses the next mapping";
  EXPECT_THAT(switches_at(schedule_of({"step:3", "step:4", "step:29"})), ElementsAre(3, 4, 29));
}

TEST(MappingSchedule, SwitchesByEpochAfterTheFirstStepThatCompletesIt) {
  EXPECT_THAT(switches_at(schedule_of({"epoch:1"})), ElementsAre(8));
  EXPECT_THAT(switches_at(schedule_of({"epoch:0.3", "epoch:2.01"})), ElementsAre(3, 17));
}

TEST(MappingSchedule, TakesRulesInOrderAndSeveralAtOnceWhereTheyAreDue) {
  EXPECT_THAT(switches_at(schedule_of({"epoch:1", "step:5", "step:10"})), ElementsAre(8, 8, 10));
  EXPECT_THAT(switches_at(schedule_of({"step:31", "step:32"})), IsEmpty());
}

TEST(MappingSchedule, SwitchesAtTheFirstLookWhereTheStudentIsAsGoodAsTheTeacher) {
  const MappingSchedule schedule = schedule_of({"passes-teacher"}, 60);
  SwitchState state;
  Evaluation look;
  for (const double accuracy : {30.0, 59.9, std::numeric_limits<double>::quiet_NaN()}) {
    look.validation_top1_pct = accuracy;
    schedule.after_step(state, {.step = 5, .look = &look});
    EXPECT_EQ(state.phase(), 0u) << accuracy;
  }
  schedule.after_step(state, {.step = 6});
  EXPECT_EQ(state.phase(), 0u) << "nobody has looked";
  look.validation_top1_pct = 60;
  schedule.after_step(state, {.step = 7, .look = &look});
  EXPECT_THAT(state.steps, ElementsAre(7));
  EXPECT_TRUE(schedule.needs_validation());
  EXPECT_FALSE(schedule_of({"step:3"}).needs_validation());
}

// With loss 1 throughout: fast = 1; slow - fast = 1, 1/2, 1/4, ... before each step, so rho is
// exp(-1/2^k) after step k + 1. exp(-1/128) = 0.99222 < 0.995 <= 0.99610 = exp(-1/256).
TEST(MappingSchedule, SwitchesByRelaWhenTheAveragesMeet) {
  EXPECT_THAT(switches_at(schedule_of({"rela:0.9:0.5"})), ElementsAre(9));
}

TEST(MappingSchedule, BeginsRelasAveragesAnewAfterEverySwitch) {
  EXPECT_THAT(switches_at(schedule_of({"rela:0.9:0.5", "rela:0.9:0.5"})), ElementsAre(9, 18));
  EXPECT_THAT(switches_at(schedule_of({"step:7", "rela:0.9:0.5"})), ElementsAre(7, 16));
}

TEST(LossAverages, AreThoseOfRelaComputedByHand) {
  const SwitchEvent usual = SwitchEvent::parse("rela");
  LossAverages averages = LossAverages::beginning_with(2);
  EXPECT_EQ(averages.fast, 2);
  EXPECT_EQ(averages.slow, 4);
  EXPECT_FALSE(averages.update(2, usual));
  EXPECT_NEAR(averages.fast, 2, 1e-12);
  EXPECT_NEAR(averages.slow, 0.99 * 4 + 0.01 * 2, 1e-12);  // 3.98
  EXPECT_FALSE(averages.update(1, usual));
  EXPECT_NEAR(averages.fast, 1.999, 1e-12);                       // 0.999 * 2 + 0.001 * 1
  EXPECT_NEAR(averages.slow, 0.99 * 3.98 + 0.01 * 1.999, 1e-12);  // 3.96019
}

TEST(LossAverages, JudgeByRhoFromBeforeTheUpdate) {
  const double at_threshold = -std::log(0.995);
  const SwitchEvent event{.kind = EventKind::kRela, .fast = 0.5, .slow = 0.5};
  LossAverages apart{.fast = 1, .slow = 1 + 1.01 * at_threshold};
  EXPECT_FALSE(apart.update(1, event)) << "the update brings them together, the next step sees it";
  EXPECT_TRUE(apart.update(1, event));
  LossAverages near{.fast = 1, .slow = 1 + 0.99 * at_threshold};
  EXPECT_TRUE(near.update(0, event));
  LossAverages below{.fast = 1, .slow = 0.5};
  EXPECT_TRUE(below.update(1, event)) << "a slow average below the fast one gives rho = 1";
}

TEST(MappingSchedule, RefusesMappingsOfOtherWidthsInWords) {
  std::vector<MappingPhase> phases{{.mapping = table_of(4), .until = SwitchEvent{.at = 3}},
                                   {.mapping = table_of(64)}};
  try {
    const MappingSchedule schedule(phases);
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr("4 numbers"), testing::HasSubstr("of 64"),
                               testing::HasSubstr("features")));
  }
}

TEST(MappingSchedule, RefusesAMissingEventAndOneTooMany) {
  EXPECT_THROW(MappingSchedule(std::vector<MappingPhase>{}), std::invalid_argument);
  EXPECT_THROW(MappingSchedule(
                   std::vector<MappingPhase>{{.mapping = table_of(4)}, {.mapping = table_of(4)}}),
               std::invalid_argument);
  EXPECT_THROW(MappingSchedule(std::vector<MappingPhase>{
                   {.mapping = table_of(4), .until = SwitchEvent{.at = 3}}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace tandem
