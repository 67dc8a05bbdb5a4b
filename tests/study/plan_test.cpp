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

TEST(PlanStudy, TakesNoNameThatIsNotAPlainFolders) {
  for (const char* name : {"", ".", "..", "../../x", "/absolute", "a/b", "a\\b", ".hidden",
                           " blank", "-flag", "=1+1", "two\nlines", "\x1b[2J"}) {
    StudyConfig config = read_study_config(ConfigTable::from_text(kStudy, "study.toml"));
    config.grid.name = name;
    EXPECT_THAT([&] { plan_study(config); },
                testing::ThrowsMessage<std::invalid_argument>(
                    testing::HasSubstr("expected the name of a folder")))
        << name;
  }
  EXPECT_EQ(study_refusal(kStudy, {"name=\xC3\xA9tude 2 (b)_x.y"}), "accepted");
  EXPECT_EQ(study_refusal(kStudy, {"name=" + std::string(100, 'x')}), "accepted");
  EXPECT_NE(study_refusal(kStudy, {"name=" + std::string(101, 'x')}), "accepted");
}

TEST(PlanStudy, TakesNoNameOfACellOrARungThatIsAFormulaToASpreadsheet) {
  for (const char* name : {"=1+1", "+1", "-1", "@sum", "two\\nlines", "\\ttab"}) {
    EXPECT_THAT(study_refusal(std::string(kStudy) + "\n[[cell]]\ndata.train = 60\nname = \"" +
                              name + "\"\n"),
                testing::HasSubstr("expected a name without control characters"))
        << name;
    LadderConfig ladder{.rungs = {std::string("=") + name}, .steps = {1}};
    ladder.train.steps = 1;
    EXPECT_THROW(check(ladder, 100), std::invalid_argument) << name;
  }
}

TEST(PlanStudy, ReadsItsTextBackWhateverItsTitleHolds) {
  for (const char* title :
       {"'''\nseeds = [9]\n#'''", "\"\"\"\nseeds = [9]\n#", "it's \"so\"\n\\", "'", "\\"}) {
    StudyConfig config = read_study_config(ConfigTable::from_text(kStudy, "study.toml"));
    config.grid.title = title;
    config.text = ConfigTable::from_text(study_text(config)).to_text();
    const StudyPlan plan = plan_study(config);
    const StudyConfig back = read_study_config(ConfigTable::from_text(plan.text));
    EXPECT_EQ(back.grid.title, title);
    EXPECT_EQ(study_text(back), study_text(config));
  }
}

TEST(PlanStudy, SaysWhatEqualSeedsOfACellShareWithTheBaseline) {
  const auto paired_in = [](const std::string& cell) {
    return plan_of(std::string(kStudy) + "\n[[cell]]\nname = 'x'\n" + cell)
        .cells.back()
        .record.paired_in;
  };
  EXPECT_EQ(plan_of(kStudy).cells.back().record.paired_in, "weights, batches, views");
  EXPECT_EQ(paired_in("target = { granularity = 'pool:4', content = 'probs', teacher = 'weak' }"),
            "weights, batches, views of visits below 4");
  EXPECT_EQ(paired_in("views.pool = 7"), "weights, batches, views of visits below 7");
  EXPECT_EQ(paired_in("data.label_noise = 0.2"), "weights, batches, views");
  EXPECT_EQ(paired_in("data.degrade = 'blur:1'"), "weights, batches");
  EXPECT_EQ(paired_in("views.seed = 3"), "weights, batches");
  EXPECT_EQ(paired_in("train.batch = 9"), "weights, views");
  EXPECT_EQ(paired_in("data.train = 60"), "weights");
  EXPECT_EQ(paired_in("model.width = 3"), "batches, views");
  EXPECT_EQ(paired_in("model.width = 3\ndata.train = 60"), "seeds alone");
}

TEST(PlanStudy, NotesACellsOwnBatchAndAllItsTeachers) {
  const StudyPlan plan =
      plan_of(std::string(kStudy) +
              "\n[[cell]]\nname = 'x'\ntrain.batch = 9\ntarget = { granularity = "
              "'view', content = 'probs', teacher = 'weak+strong', switch = "
              "['step:5 teacher=strong'] }\n");
  EXPECT_EQ(plan.cells.front().record.batch_size, 8);
  EXPECT_EQ(plan.cells.back().record.batch_size, 9);
  EXPECT_THAT(plan.cells.back().record.teachers, testing::ElementsAre("weak", "strong"));
}

}  // namespace
}  // namespace tandem
