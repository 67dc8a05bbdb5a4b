// Studies whose cells change their mapping: names and the ladder look at every mapping.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/study/plan.h"

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
  return plan_study(read_study_config(table));
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

TEST(PlanStudyWithSwitches, TrainsTheLadderForALaterTeacher) {
  const StudyPlan plan = plan_with(kHardThenSoft);
  EXPECT_TRUE(plan.has_ladder());
  EXPECT_TRUE(plan.cells[1].record.has_teacher());
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

}  // namespace
}  // namespace tandem
