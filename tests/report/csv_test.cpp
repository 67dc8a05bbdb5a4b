#include "tandem/report/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

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

TEST(CsvField, IsNoFormulaToASpreadsheet) {
  for (const char* sign : {"=", "+", "-", "@", "\t", "\r"}) {
    const std::string field = csv_field(std::string(sign) + "1+1");
    EXPECT_THAT(field, ::testing::AnyOf(::testing::StartsWith("'"), ::testing::StartsWith("\"'")));
  }
  EXPECT_EQ(csv_field("a=b"), "a=b");
}

TEST(EvaluationsCsv, HasOneRowPerEvaluationOfEveryTrial) {
  const std::string csv = evaluations_csv(example_study());
  EXPECT_EQ(line_count(csv), 1 + 8 * 3);
  EXPECT_THAT(
      csv,
      HasSubstr("example,hard,class,one-hot,,,yes,32,\"weights, batches, views\",hard 0.100000 0,"
                "0.1,0,finished,,0,0,20,0.25,10,1,1.5,1.25,50,640,0\n"));
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
                                          summary_csv(study), teachers_csv(study)};
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

TEST(SummaryCsv, HasFourMeasuresABudgetTwoAGoalAndFourOfCost) {
  const std::string csv = summary_csv(example_study());
  EXPECT_EQ(line_count(csv), 1 + 2 * (2 * 4 + 2 * 2 + 4));
  EXPECT_THAT(csv, HasSubstr("soft,sample,probs,canonical,strong,no,32,\"weights, batches, views\","
                             "test_difference_to_baseline_points,20,0.1,12,"));
  EXPECT_THAT(csv, HasSubstr("steps_to_accuracy,99,,,,0,0,0,,\n"));
  EXPECT_THAT(csv, HasSubstr("teacher_training_s,20,0.1,42,,1,2,0,,\n"));
}

TEST(SummaryCsv, GivesADifferenceItsPAndThatCorrectedByHolm) {
  // Of 2 tests with one degree of freedom: p = 2/pi atan(1/t), t = 20/2 and 12/2; the smaller one
  // counts twice, the other may not be less.
  const std::string csv = summary_csv(example_study());
  EXPECT_THAT(csv, HasSubstr("points,10,0.1,20,25.41240947234939,2,2,0,0.0634510"));
  EXPECT_THAT(csv, HasSubstr("points,20,0.1,12,25.41240947234939,2,2,0,0.1051369"));
  EXPECT_THAT(csv, HasSubstr(",0.1269020"));
  EXPECT_THAT(csv, Not(HasSubstr(",0.2102")));
}

TEST(SummaryCsv, LeavesEmptyWhatNobodyKnows) {
  StudyRecord study = example_study();
  study.cells[1].teachers = {"elsewhere.safetensors"};
  for (TrialRecord& trial : study.trials) {
    trial.labelling_s = std::numeric_limits<double>::quiet_NaN();
  }
  const std::string csv = summary_csv(study);
  EXPECT_THAT(csv, HasSubstr("teacher_training_s,20,0.1,,,0,2,0,,\n"));
  EXPECT_THAT(csv, HasSubstr("labelling_s,20,0.1,,,0,2,0,,\n"));
  EXPECT_THAT(csv, HasSubstr("seconds_to_accuracy,60,0.1,,,0,2,0,,\n"));
}

TEST(EvaluationsCsv, CountsSamplesByTheCellsOwnBatch) {
  StudyRecord study = example_study();
  study.cells[1].batch_size = 8;
  const std::string csv = evaluations_csv(study);
  EXPECT_THAT(csv,
              HasSubstr("hard 0.100000 0,0.1,0,finished,,0,0,20,0.25,10,1,1.5,1.25,50,640,0\n"));
  EXPECT_THAT(csv,
              HasSubstr("soft 0.100000 0,0.1,0,finished,,0,7,20,0.25,10,1,1.5,1.25,70,160,0\n"));
  study.cells[1].batch_size = std::numeric_limits<double>::quiet_NaN();  // an older record
  EXPECT_THAT(evaluations_csv(study),
              HasSubstr("soft 0.100000 0,0.1,0,finished,,0,7,20,0.25,10,1,1.5,1.25,70,,0\n"));
}

TEST(TeachersCsv, HasEachRungWithItsCostAndAccuracy) {
  EXPECT_EQ(teachers_csv(example_study()),
            "study,teacher,step,train_s,validation_top1_pct,model,fingerprint\n"
            "example,strong,500,42,91,resnet8,ab\n");
}

}  // namespace
}  // namespace tandem
