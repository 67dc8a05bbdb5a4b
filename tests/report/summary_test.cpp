#include "tandem/report/summary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "example_study.h"

namespace tandem {
namespace {

using testing::example_study;
using testing::example_with_divergence;

constexpr double kT1 = 12.706204736;  // Student t, 95 % two-sided, 1 degree of freedom

TEST(Summarise, EqualsNumbersWorkedOutByHand) {
  const Summary summary = summarise(example_study());
  ASSERT_EQ(summary.cells.size(), 2u);
  EXPECT_TRUE(summary.tested);
  const BudgetSummary& hard = summary.cells[0].budgets[1];
  EXPECT_EQ(hard.rate, 0.2);
  EXPECT_DOUBLE_EQ(hard.validation.mean, 63);  // 60, 66
  EXPECT_NEAR(hard.validation.half_width, kT1 * 3, 1e-6);
  EXPECT_DOUBLE_EQ(hard.test_last.mean, 62);
  EXPECT_EQ(hard.difference.n, 0);  // a baseline is not compared with itself

  const BudgetSummary& soft = summary.cells[1].budgets[1];
  EXPECT_EQ(soft.rate, 0.1);
  EXPECT_DOUBLE_EQ(soft.validation.mean, 75);
  EXPECT_DOUBLE_EQ(soft.test_last.mean, 74);
  // Seed 0 peaks at step 10 with 72, seed 1 at step 20 with 80; tests are one point below.
  EXPECT_DOUBLE_EQ(soft.test_selected.mean, 75);
  EXPECT_EQ(soft.trials, 2);
  EXPECT_EQ(soft.diverged, 0);
}

TEST(Summarise, PairsDifferencesToTheBaselineBySeed) {
  StudyRecord study = example_study();
  // At 20 steps: seed 0: 69 - 59 = 10, seed 1: 79 - 65 = 14.
  const Estimate difference = summarise(study).cells[1].budgets[1].difference;
  EXPECT_DOUBLE_EQ(difference.mean, 12);
  EXPECT_NEAR(difference.half_width, kT1 * 2, 1e-6);

  study.trials[5].seed = 9;  // no partner among the baseline's
  EXPECT_EQ(summarise(study).cells[1].budgets[1].difference.n, 1);
  EXPECT_DOUBLE_EQ(summarise(study).cells[1].budgets[1].difference.mean, 10);
}

TEST(Summarise, CountsADivergedTrialAsChanceAndShowsIt) {
  const Summary summary = summarise(example_with_divergence());
  const CellSummary& soft = summary.cells[1];
  EXPECT_EQ(soft.diverged, 1);
  EXPECT_EQ(soft.budgets[0].diverged, 0);  // it had reached 10 steps
  EXPECT_EQ(soft.budgets[0].rate, 0.1);
  EXPECT_EQ(soft.budgets[1].diverged, 1);
  EXPECT_EQ(soft.budgets[1].trials, 2);
  EXPECT_DOUBLE_EQ(soft.budgets[1].validation.mean, (70 + 25) / 2.0);
  EXPECT_DOUBLE_EQ(soft.budgets[1].test_last.mean, (69 + 25) / 2.0);
  EXPECT_EQ(soft.budgets[1].test_last.n, 2);
}

TEST(Summarise, TimesGoalsWithLabellingAndKnowsThoseNeverReached) {
  const Summary summary = summarise(example_study());
  const auto& soft = summary.cells[1].goals[0].time;
  ASSERT_TRUE(soft.has_value());
  EXPECT_DOUBLE_EQ(soft->steps.mean, 10);
  EXPECT_DOUBLE_EQ(soft->seconds.mean, 7 + 5);
  EXPECT_FALSE(summary.cells[1].goals[1].time.has_value());
}

TEST(Summarise, CountsTheTeachersCost) {
  const Summary summary = summarise(example_study());
  EXPECT_EQ(summary.cells[0].cost.training_s, 0);
  EXPECT_EQ(summary.cells[1].cost.training_s, 42);
  EXPECT_DOUBLE_EQ(summary.cells[1].cost.labelling_s.mean, 7);
  EXPECT_DOUBLE_EQ(summary.cells[1].cost.run_s.mean, 10);
  EXPECT_DOUBLE_EQ(summary.cells[1].cost.inference_s.mean, 1);
}

TEST(Summarise, HasNoTestAccuracyBeforeTheTestSplitIsRead) {
  StudyRecord study = example_with_divergence();
  for (TrialRecord& trial : study.trials) {
    trial.tests.clear();
  }
  const Summary summary = summarise(study);
  EXPECT_FALSE(summary.tested);
  EXPECT_EQ(summary.cells[1].budgets[1].test_last.n, 0);
  EXPECT_TRUE(std::isnan(summary.cells[1].budgets[1].test_last.mean));
}

TEST(Summarise, RefusesATrialOfACellThatTheStudyDoesNotName) {
  StudyRecord study = example_study();
  study.trials[0].cell = "elsewhere";
  EXPECT_THROW(summarise(study), std::invalid_argument);
}

TEST(Summarise, LeavesTheCostOfATeacherFromElsewhereUnknown) {
  StudyRecord study = example_study();
  study.cells[1].teacher = "runs/elsewhere/strong.safetensors";
  EXPECT_TRUE(std::isnan(summarise(study).cells[1].cost.training_s));
}

TEST(Summarise, ChargesEveryTeacherBehindACellOnce) {
  StudyRecord study = example_study();
  study.teachers = {{"weak", 5, 2, 60, "resnet8", "aa"}, {"strong", 500, 42, 91, "resnet8", "ab"}};
  const auto training_s = [&](std::vector<std::string> teachers) {
    study.cells[1].teachers = std::move(teachers);
    return summarise(study).cells[1].cost.training_s;
  };
  EXPECT_EQ(training_s({"weak"}), 2);
  EXPECT_EQ(training_s({"weak", "strong"}), 42) << "an ensemble of rungs of one run";
  EXPECT_EQ(training_s({"ab"}), 42) << "who labelled a store, by fingerprint";
  EXPECT_TRUE(std::isnan(training_s({"strong", "elsewhere.safetensors"})));
  study.cells[1].teacher = "";
  EXPECT_TRUE(std::isnan(training_s({}))) << "a store in a record that names no teachers";
}

}  // namespace
}  // namespace tandem
