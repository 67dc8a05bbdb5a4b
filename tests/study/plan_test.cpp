#include "tandem/study/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tandem/study/single_trial.h"

namespace tandem {
namespace {

constexpr const char* kStudy = R"(
name = "s"
seeds = [0, 1]
rates = [0.1, 0.2, 0.4]
budgets = [10, 20]
[teach]
rungs = ["weak", "strong"]
steps = [5, 50]
train = { steps = 50 }
[base]
train = { batch = 8, steps = 20, schedule = "constant" }
[[cell]]
target = { granularity = "class", content = "one-hot" }
[[cell]]
target = { granularity = ["view", "sample"], content = "probs", teacher = ["weak", "strong"] }
)";

StudyPlan plan_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  ConfigTable table = ConfigTable::from_text(text, "study.toml");
  for (const std::string& assignment : overrides) {
    table.assign(assignment);
  }
  return plan_study(read_study_config(table));
}

std::vector<std::string> configs_of(const StudyPlan& plan) {
  std::vector<std::string> configs;
  for (const PlannedTrial& trial : plan.trials) {
    configs.push_back(plan.cell_of(trial).record.name + "\n" + config_text(trial.config));
  }
  return configs;
}

std::string study_refusal(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    plan_of(text, overrides);
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(PlanStudy, MakesOneCellPerCombinationAndOneTrialPerCellRateAndSeed) {
  const StudyPlan plan = plan_of(kStudy);
  std::vector<std::string> names;
  for (const Cell& cell : plan.cells) {
    names.push_back(cell.record.name);
  }
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("class one-hot", "view probs weak", "view probs strong",
                                            "sample probs weak", "sample probs strong"));
  EXPECT_EQ(plan.trials.size(), 5u * 3 * 2);
  EXPECT_TRUE(plan.cells.front().record.baseline);
}

TEST(PlanStudy, GivesEveryCellTheSameRatesAndSeeds) {
  const StudyPlan plan = plan_of(kStudy);
  std::map<std::size_t, std::multiset<std::pair<double, std::int64_t>>> effort;
  for (const PlannedTrial& trial : plan.trials) {
    effort[trial.cell].insert({trial.config.train.rate, trial.config.seed});
  }
  for (const auto& [cell, tried] : effort) {
    EXPECT_EQ(tried, effort.begin()->second);
  }
}

TEST(PlanStudy, LooksAtTheValidationSplitAtEveryBudget) {
  for (const PlannedTrial& trial : plan_of(kStudy).trials) {
    EXPECT_THAT(evaluation_steps(trial.config.train, 20), testing::IsSupersetOf({10, 20}));
  }
}

TEST(PlanStudy, LetsCellsLearnFromTheirOwnSamplesAndShareTheValidationSplit) {
  const std::string cells =
      "\n[[cell]]\ndata.label_noise = [0.2, 0.4]\n[[cell]]\ndata = { fraction = 0.1, degrade = "
      "\"blur:1\" }\n";
  std::vector<std::string> names;
  for (const Cell& cell : plan_of(std::string(kStudy) + cells).cells) {
    names.push_back(cell.record.name);
  }
  EXPECT_THAT(names,
              testing::IsSupersetOf({"class one-hot data.label_noise=0.2",
                                     "class one-hot data.label_noise=0.4",
                                     "class one-hot data.fraction=0.1 data.degrade=blur:1"}));
  for (const char* key : {"seed = 1", "validation = 7", "name = 'mnist'", "folder = 'x'"}) {
    EXPECT_THROW(plan_of(std::string(kStudy) + "\n[[cell]]\ndata." + key), std::invalid_argument)
        << key;
  }
}

TEST(PlanStudy, TextGivesTheSamePlanAgain) {
  const StudyPlan plan = plan_of(kStudy, {"base.train.batch=9", "seeds=[4, 2]"});
  EXPECT_EQ(configs_of(plan_of(plan.text)), configs_of(plan));
}

TEST(PlanStudy, OfAProgramSaysItselfAsTextThatGivesTheSamePlan) {
  StudyConfig config = read_study_config(ConfigTable::from_text(kStudy, "study.toml"));
  config.text.clear();
  const StudyPlan plan = plan_study(config);
  EXPECT_EQ(configs_of(plan_of(plan.text)), configs_of(plan));
  TrialConfig one;
  one.train.steps = 10;
  const StudyPlan single = plan_single_trial(one, 10);
  EXPECT_EQ(configs_of(plan_of(single.text)), configs_of(single));
}

TEST(PlanStudy, NamesKeysThatACellChangesBesidesItsTarget) {
  const StudyPlan plan = plan_of(std::string(kStudy) + "\n[[cell]]\ndata.train = [600, 6000]\n");
  std::vector<std::string> names;
  for (const Cell& cell : plan.cells) {
    names.push_back(cell.record.name);
  }
  EXPECT_THAT(names, testing::IsSupersetOf(
                         {"class one-hot data.train=600", "class one-hot data.train=6000"}));
}

TEST(PlanStudy, RefusesWhatCannotBeRunAndSaysWhy) {
  const std::string study = kStudy;
  EXPECT_THAT(study_refusal(study, {"base.train.stepz=3"}), testing::HasSubstr("train.stepz"));
  EXPECT_THAT(study_refusal(study, {"seeds=[1, 1]"}), testing::HasSubstr("seeds"));
  EXPECT_THAT(study_refusal(study, {"rates=[0.2, 0.1]"}), testing::HasSubstr("ascending"));
  EXPECT_THAT(study_refusal(study, {"budgets=[10, 40]"}), testing::HasSubstr("train.steps is 20"));
  EXPECT_THAT(study_refusal(study, {"teach.rungs=[\"strong\"]", "teach.steps=[5]"}),
              testing::HasSubstr("'weak', which is neither a rung of [teach] (strong) nor a file"));
  EXPECT_THAT(study_refusal(study, {"teach.rungs=[]"}), testing::HasSubstr("no teacher would"));
  EXPECT_THAT(study_refusal(study, {"base.seed=7"}), testing::HasSubstr("seed = 7"));
  EXPECT_THAT(study_refusal(study, {"base.train.rate=7"}), testing::HasSubstr("train.rate = 7"));
  EXPECT_THAT(study_refusal(study + "\n[[cell]]\n"), testing::HasSubstr("two cells are named"));
  EXPECT_THAT(study_refusal("seeds = [0]\nrates = [1]\nbudgets = [1]"),
              testing::HasSubstr("[[cell]]"));
}

}  // namespace
}  // namespace tandem
