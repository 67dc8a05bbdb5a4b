#include "tandem/report/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "example_study.h"

namespace tandem {
namespace {

using testing::example_study;
using testing::example_with_divergence;
using ::testing::HasSubstr;
using ::testing::Not;

std::ptrdiff_t line_count(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

TEST(CsvField, IsQuotedOnlyWhereItMustBe) {
  EXPECT_EQ(csv_field("plain text"), "plain text");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"so\""), "\"say \"\"so\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

TEST(EvaluationsCsv, HasOneRowPerEvaluationOfEveryTrial) {
  const std::string csv = evaluations_csv(example_study());
  EXPECT_EQ(line_count(csv), 1 + 8 * 3);
  EXPECT_THAT(csv, HasSubstr("example,hard,class,one-hot,,,yes,hard 0.100000 0,0.1,0,finished,,0,0,"
                             "20,0.25,10,1,1.5,1.25,50,640,0\n"));
}

TEST(EvaluationsCsv, LeavesTheFieldEmptyWhereThereIsNoNumber) {
  const std::string csv = evaluations_csv(example_with_divergence());
  EXPECT_THAT(csv, HasSubstr("diverged,,0,7,20,0.25,10,1,,1.25,,640,0\n"));
  EXPECT_THAT(csv, Not(HasSubstr("nan")));
}

TEST(EvaluationsCsv, SaysWhichMappingATrialLearntFromUpToEachLook) {
  StudyRecord study = example_study();
  study.trials[0].switches = {{10, "step:10 teacher=strong", 1}};
  const std::string csv = evaluations_csv(study);
  EXPECT_THAT(csv, HasSubstr("0.1,0,finished,,0,0,10,0.25,5,0.5,1.5,1.25,40,320,0\n"));
  EXPECT_THAT(csv, HasSubstr("0.1,0,finished,,0,0,20,0.25,10,1,1.5,1.25,50,640,1\n"));
}

TEST(EvaluationsCsv, QuotesNamesWithCommas) {
  StudyRecord study = example_study();
  study.name = "a, \"b\"";
  EXPECT_THAT(evaluations_csv(study), HasSubstr("\n\"a, \"\"b\"\"\",hard"));
}

TEST(CsvTables, NameTheColumnsThatTheFilesHave) {
  const StudyRecord study = example_study();
  const std::vector<std::string> files = {evaluations_csv(study), tests_csv(study),
                                          summary_csv(study)};
  const std::vector<CsvTable> tables = csv_tables();
  ASSERT_EQ(tables.size(), files.size());
  for (std::size_t k = 0; k < files.size(); ++k) {
    std::string header;
    for (const FieldInfo& column : tables[k].columns) {
      header += (header.empty() ? "" : ",") + column.key;
      EXPECT_FALSE(column.words.empty()) << column.key;
    }
    EXPECT_EQ(files[k].substr(0, files[k].find('\n')), header);
  }
}

TEST(TestsCsv, HasOneRowPerReadingOfTheTestSplit) {
  EXPECT_EQ(line_count(tests_csv(example_study())), 1 + 8 * 2);
  EXPECT_EQ(line_count(tests_csv(example_with_divergence())), 1 + 8 * 2 - 1);
}

TEST(SummaryCsv, HasFourMeasuresABudgetTwoAGoalAndThreeOfCost) {
  const std::string csv = summary_csv(example_study());
  EXPECT_EQ(line_count(csv), 1 + 2 * (2 * 4 + 2 * 2 + 3));
  EXPECT_THAT(csv, HasSubstr("soft,sample,probs,canonical,strong,no,"
                             "test_difference_to_baseline_points,20,0.1,12,"));
  EXPECT_THAT(csv, HasSubstr("steps_to_accuracy,99,,,,0,0,0\n"));
}

}  // namespace
}  // namespace tandem
