#include "tandem/report/terminal_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <sstream>

#include "example_study.h"

namespace tandem {
namespace {

using ::testing::ContainsRegex;
using testing::example_study;
using testing::example_trial;
using testing::example_with_divergence;
using ::testing::HasSubstr;
using ::testing::Not;

std::ptrdiff_t letters(const std::string& line) {
  return std::count_if(line.begin(), line.end(),
                       [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; });
}

TEST(TerminalTable, ShowsAccuracyGoalTeacherAndHowRatesWereChosen) {
  const std::string table = terminal_table(example_study());
  EXPECT_THAT(table, HasSubstr("74.0 ± 63.5"));
  EXPECT_THAT(table, HasSubstr("to 60 %"));
  EXPECT_THAT(table, HasSubstr("n = 2 (seeds 0, 1)"));
  EXPECT_THAT(table, HasSubstr("validation split from {0.1, 0.2}"));
  EXPECT_THAT(table, Not(HasSubstr("diverged")));
}

TEST(TerminalTable, MarksAccuraciesThatHoldDivergedTrials) {
  const std::string table = terminal_table(example_with_divergence());
  EXPECT_THAT(table, HasSubstr("*"));
  EXPECT_THAT(table, HasSubstr("diverged, counted as chance"));
}

TEST(TerminalTable, IsNeverWiderThan110LettersAndSaysWhatItLeftOut) {
  StudyRecord study = example_study();
  study.cells[1].name = std::string(60, 'x') + "\xC3\xA9";
  for (TrialRecord& trial : study.trials) {
    trial.cell = trial.cell == "soft" ? study.cells[1].name : trial.cell;
  }
  study.budgets = {10, 20, 30, 40, 50, 60, 70, 80, 90};
  study.title = std::string(50, 'w') + " " + std::string(50, 'w') + " " + std::string(50, 'w');
  const std::string table = terminal_table(study);
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(letters(line), 110) << line;
  }
  EXPECT_THAT(table, HasSubstr("left out here for width"));
}

TEST(TerminalTable, AlignsRowsWhoseNamesHoldLettersBeyondAscii) {
  StudyRecord study = example_study();
  study.cells[1].name = "s\xC3\xB6\xC3\xA9t";
  for (TrialRecord& trial : study.trials) {
    trial.cell = trial.cell == "soft" ? study.cells[1].name : trial.cell;
  }
  std::istringstream plain(terminal_table(example_study())), accented(terminal_table(study));
  for (std::string left, right; std::getline(plain, left) && std::getline(accented, right);) {
    EXPECT_EQ(letters(left), letters(right)) << right;
  }
}

TEST(TerminalTable, PrintsNothingThatATerminalActsOn) {
  StudyRecord study = example_study();
  study.title = "clear\x1b[2J\rit";
  study.cells[1].name = "so\x1b]0;ft\x07";
  for (TrialRecord& trial : study.trials) {
    trial.cell = trial.cell == "soft" ? study.cells[1].name : trial.cell;
  }
  const std::string table = terminal_table(study);
  EXPECT_THAT(table, HasSubstr(R"(clear\x1b[2J\x0dit)"));
  EXPECT_TRUE(std::ranges::none_of(table, [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 && letter != '\n';
  }));
}

TEST(TerminalTable, SaysHowManySeedsAreThereAndNotHowManyWerePlanned) {
  StudyRecord study = example_study();
  for (const TrialRecord& trial : study.trials) {
    study.planned.push_back({trial.id, trial.cell, trial.rate, trial.seed});
  }
  EXPECT_THAT(terminal_table(study), Not(HasSubstr("Unfinished")));
  std::erase_if(study.trials, [](const TrialRecord& t) { return t.cell == "soft" && t.seed == 1; });
  const std::string table = terminal_table(study);
  EXPECT_THAT(table, HasSubstr("n = 1–2 (of the planned seeds 0, 1)"));
  EXPECT_THAT(table, HasSubstr("Unfinished: 6 of 8 trials are done."));
  EXPECT_THAT(table, ContainsRegex("\nhard +2 "));
  EXPECT_THAT(table, ContainsRegex("\nsoft +1 "));
}

TEST(TerminalTable, SaysUnknownAndNotZeroWhereNobodyKnowsTheCost) {
  StudyRecord study = example_study();
  study.cells[1].teacher = "";  // targets come from a store that names nobody
  for (TrialRecord& trial : study.trials) {
    trial.labelling_s = std::numeric_limits<double>::quiet_NaN();
  }
  EXPECT_THAT(terminal_table(study), ContainsRegex("\nsoft .* unknown +unknown +unknown\n"));
}

}  // namespace
}  // namespace tandem
