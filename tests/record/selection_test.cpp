#include "tandem/record/selection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

namespace tandem {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TrialRecord trial(double rate, std::uint64_t seed,
                  const std::vector<std::pair<std::int64_t, double>>& accuracy_at) {
  TrialRecord record;
  record.cell = "cell";
  record.rate = rate;
  record.seed = seed;
  record.outcome = "finished";
  for (const auto& [step, accuracy] : accuracy_at) {
    Evaluation evaluation;
    evaluation.step = step;
    evaluation.train_s = 0.5 * static_cast<double>(step);
    evaluation.validation_top1_pct = accuracy;
    record.evaluations.push_back(evaluation);
  }
  return record;
}

TrialRecord diverged(TrialRecord record) {
  record.outcome = "diverged";
  return record;
}

StudyRecord study_of(std::vector<TrialRecord> trials) {
  StudyRecord study;
  study.class_names = {"a", "b", "c", "d"};
  study.rates = {0.1, 0.2};
  study.trials = std::move(trials);
  return study;
}

TEST(ChosenRate, HasTheBestMeanOverSeedsAtTheBudget) {
  const StudyRecord study =
      study_of({trial(0.1, 0, {{10, 50}, {20, 60}}),  //
                trial(0.1, 1, {{10, 52}, {20, 62}}), trial(0.2, 0, {{10, 70}, {20, 59}}),
                trial(0.2, 1, {{10, 20}, {20, 64}})});
  EXPECT_EQ(chosen_rate(study, "cell", 10), 0.1);  // 51 against 45
  EXPECT_EQ(chosen_rate(study, "cell", 20), 0.2);  // 61 against 61.5
}

TEST(ChosenRate, NeverLooksAtTheTestSplit) {
  StudyRecord study = study_of({trial(0.1, 0, {{10, 50}}), trial(0.2, 0, {{10, 51}})});
  study.trials[0].tests = {{10, 0.1, 99}};
  study.trials[1].tests = {{10, 9.9, 1}};
  EXPECT_EQ(chosen_rate(study, "cell", 10), 0.2);
}

TEST(ChosenRate, GivesATieToTheSmallerRateWhateverTheOrderOfTheGrid) {
  StudyRecord study = study_of({trial(0.1, 0, {{10, 50}}), trial(0.2, 0, {{10, 50}})});
  EXPECT_EQ(chosen_rate(study, "cell", 10), 0.1);
  study.rates = {0.2, 0.1};
  EXPECT_EQ(chosen_rate(study, "cell", 10), 0.1);
}

TEST(ChosenRate, CountsADivergedTrialAsChance) {
  // Rate 0.2: (80 + 25) / 2 = 52.5 with four classes.
  StudyRecord study = study_of({trial(0.1, 0, {{10, 52}}), trial(0.1, 1, {{10, 52}}),
                                trial(0.2, 0, {{10, 80}}), diverged(trial(0.2, 1, {{5, 70}}))});
  EXPECT_EQ(chosen_rate(study, "cell", 10), 0.2);
  study.trials[0].evaluations[0].validation_top1_pct = 54;  // mean 53
  EXPECT_EQ(chosen_rate(study, "cell", 10), 0.1);
}

TEST(ChosenRate, IsNothingWhereNoTrialReachedTheBudget) {
  const StudyRecord study =
      study_of({trial(0.1, 0, {{5, 50}}), diverged(trial(0.2, 0, {{5, 60}}))});
  EXPECT_FALSE(chosen_rate(study, "cell", 10).has_value());
  EXPECT_FALSE(chosen_rate(study, "another cell", 5).has_value());
}

TEST(ValidationAfter, IsWhatWasMeasuredBeforeATrialDivergedAndChanceAfter) {
  const StudyRecord study = study_of({});
  const TrialRecord record = diverged(trial(0.1, 0, {{5, 60}, {10, kNan}}));
  EXPECT_EQ(validation_after(study, record, 5), 60);
  EXPECT_EQ(validation_after(study, record, 10), 25);
  EXPECT_EQ(validation_after(study, record, 20), 25);
  EXPECT_FALSE(validation_after(study, trial(0.1, 0, {{5, 60}}), 20).has_value());
}

TEST(SelectedStep, IsTheEarliestOfTheBestWithinTheBudget) {
  const TrialRecord record = trial(0.1, 0, {{5, 60}, {10, 70}, {15, 70}, {20, 90}, {25, kNan}});
  EXPECT_EQ(selected_step(record, 15), 10);
  EXPECT_EQ(selected_step(record, 25), 20);
  EXPECT_EQ(selected_step(record, 9), 5);
  EXPECT_THROW(selected_step(record, 4), std::invalid_argument);
}

TEST(TrialsOf, ComeInTheOrderOfTheirSeeds) {
  const StudyRecord study =
      study_of({trial(0.1, 7, {}), trial(0.2, 1, {}), trial(0.1, 3, {}), trial(0.1, 5, {})});
  const auto trials = trials_of(study, "cell", 0.1);
  ASSERT_EQ(trials.size(), 3u);
  EXPECT_EQ(trials[0]->seed, 3u);
  EXPECT_EQ(trials[2]->seed, 7u);
}

TEST(TimeToAccuracy, PrefersTheRateByWhichMostTrialsGetThereThenTheFastest) {
  // 0.1 gets there twice, late; 0.2 once, early.
  StudyRecord study =
      study_of({trial(0.1, 0, {{10, 50}, {20, 80}}), trial(0.1, 1, {{10, 80}, {20, 81}}),
                trial(0.2, 0, {{5, 80}}), trial(0.2, 1, {{5, 70}})});
  auto time = time_to_accuracy(study, "cell", 80);
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(time->rate, 0.1);
  EXPECT_EQ(time->reached, 2);
  EXPECT_DOUBLE_EQ(time->steps.mean, 15);
  EXPECT_DOUBLE_EQ(time->seconds.mean, 7.5);

  study.trials[3].evaluations[0].validation_top1_pct = 85;  // now both do, and 0.2 is faster
  time = time_to_accuracy(study, "cell", 80);
  EXPECT_EQ(time->rate, 0.2);
  EXPECT_DOUBLE_EQ(time->steps.mean, 5);
}

TEST(TimeToAccuracy, CountsLabellingSecondsAndIsNothingWhereNoTrialGetsThere) {
  StudyRecord study = study_of({trial(0.1, 0, {{10, 80}})});
  study.trials[0].labelling_s = 100;
  EXPECT_DOUBLE_EQ(time_to_accuracy(study, "cell", 80)->seconds.mean, 105);
  EXPECT_FALSE(time_to_accuracy(study, "cell", 80.1).has_value());
}

}  // namespace
}  // namespace tandem
