// Studies whose cells change their mapping: ids, tables and the ladder look at every mapping.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tandem/core/atomic_file.h"
#include "tandem/study/job.h"
#include "tandem/study/single_trial.h"
#include "tandem/study/study_folder.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

constexpr const char* kHead = R"(
name = "s"
seeds = [0]
rates = [0.1]
budgets = [20]
[teach]
rungs = ["weak", "strong"]
steps = [5, 50]
train = { steps = 50 }
[base]
target.temperature = 4
train = { batch = 8, steps = 20, schedule = "constant" }
)";

StudyPlan plan_with(const std::string& cells, const std::string& change = "teach.seed=1") {
  ConfigTable table = ConfigTable::from_text(kHead + cells, "study.toml");
  table.assign(change);
  return plan_study(table);
}

constexpr const char* kHardThenSoft = R"([[cell]]
target = { granularity = "class", content = "one-hot" }
[[cell]]
target.switch = ["step:5 granularity=sample content=probs teacher=strong", "step:9 granularity=view"]
)";

TEST(PlanStudyWithSwitches, KeepsTheListOfRulesInOneCellAndShowsItInTheName) {
  const StudyPlan plan = plan_with(kHardThenSoft);
  ASSERT_EQ(plan.cells.size(), 2u);
  EXPECT_EQ(plan.cells[0].record.name, "class one-hot");
  EXPECT_EQ(plan.cells[1].record.name,
            "class one-hot | step:5 granularity=sample content=probs temperature=4.0 "
            "teacher=strong | step:9 granularity=view");
  EXPECT_LT(plan.trials[1].id.size(), 200u);
}

TEST(PlanStudyWithSwitches, ExpandsOtherListsBesideTheRules) {
  const StudyPlan plan = plan_with(
      "[[cell]]\ntarget = { granularity = [\"view\", \"sample\"], content = \"probs\", teacher = "
      "\"weak\", switch = [\"step:5 teacher=strong\", \"step:9 teacher=weak\"] }\n");
  ASSERT_EQ(plan.cells.size(), 2u);
  for (const Cell& cell : plan.cells) {
    EXPECT_EQ(cell.trial.target.switches.size(), 2u);
    EXPECT_THAT(cell.record.later_teachers, testing::ElementsAre("strong"));
  }
}

TEST(PlanStudyWithSwitches, TrainsTheLadderForALaterTeacherAndPutsItIntoTheId) {
  const StudyPlan plan = plan_with(kHardThenSoft);
  EXPECT_TRUE(plan.has_ladder());
  EXPECT_TRUE(plan.cells[1].record.has_teacher());
  const StudyPlan other = plan_with(kHardThenSoft, "teach.seed=2");
  EXPECT_EQ(plan.trials[0].id, other.trials[0].id);
  EXPECT_NE(plan.trials[1].id, other.trials[1].id);
}

TEST(PlanStudyWithSwitches, NamesTheTablesOfEveryMappingAndSharesThem) {
  const StudyPlan plan = plan_with(std::string(kHardThenSoft) + R"([[cell]]
target = { granularity = "sample", content = "probs", teacher = "strong" }
[[cell]]
target = { granularity = "sample", content = "probs", teacher = "weak", switch = "step:3 teacher=strong" }
)");
  const StudyFolder folder("runs/s");
  const auto table = [&](std::size_t trial, std::size_t phase) {
    return folder.table(plan, phases(plan.trials.at(trial)).at(phase));
  };
  EXPECT_FALSE(table(1, 0));
  EXPECT_TRUE(table(1, 1));
  EXPECT_FALSE(table(1, 2)) << "a teacher that answers every view needs no table";
  EXPECT_EQ(table(1, 1), table(2, 0));
  EXPECT_EQ(table(3, 1), table(2, 0));
  EXPECT_NE(table(3, 0), table(3, 1));
}

TEST(PlanStudyWithSwitches, RefusesALaterTeacherThatIsNeitherARungNorAFile) {
  try {
    plan_with(
        "[[cell]]\ntarget = { granularity = \"view\", content = \"probs\", teacher = "
        "\"weak\", switch = \"step:5 teacher=stong\" }\n");
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'stong', which is neither a rung"));
  }
}

TEST(PlanStudyWithSwitches, IdentifiesALaterTeacherFileByItsContent) {
  const TemporaryFolder folder;
  const std::filesystem::path teacher = folder.path() / "my teacher.safetensors";
  TrialConfig config;
  config.train.steps = 10;
  config.target.switches = {"step:5 granularity=sample content=probs teacher=\"" +
                            teacher.string() + "\""};
  config.target = resolve(config.target);
  write_file_atomically(teacher, "one");
  const StudyPlan one = plan_single_trial(config, 10);
  write_file_atomically(teacher, "two");
  const StudyPlan two = plan_single_trial(config, 10);
  EXPECT_NE(one.trials.front().id, two.trials.front().id);
  EXPECT_EQ(config_text(one.trials.front().config.target), config_text(config.target));
}

TEST(Job, SaysWhichMappingsTableIsLabelled) {
  const Job job = parse_job(to_line({.kind = JobKind::kLabel, .index = 7, .phase = 2}));
  EXPECT_EQ(job.index, 7u);
  EXPECT_EQ(job.phase, 2u);
  const Job test = parse_job(to_line({.kind = JobKind::kTest, .index = 3, .steps = {10, 20}}));
  EXPECT_EQ(test.phase, 0u);
  EXPECT_THAT(test.steps, testing::ElementsAre(10, 20));
}

}  // namespace
}  // namespace tandem
