#include "tandem/report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <regex>
#include <stdexcept>

#include "example_study.h"
#include "figures.h"
#include "headline.h"
#include "tandem/core/atomic_file.h"
#include "tandem/report/csv.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using ::testing::ElementsAre;
using testing::example_study;
using testing::example_with_divergence;
using ::testing::HasSubstr;
using ::testing::Not;

StudyRecord with_gallery(StudyRecord study) {
  study.gallery.samples = torch::full({2, 1, 4, 4}, 7, torch::kUInt8);
  study.gallery.views = torch::full({2, 3, 1, 4, 4}, 9, torch::kUInt8);
  study.gallery.labels = torch::tensor({0, 3}, torch::kInt64);
  study.gallery.targets["hard"] =
      torch::eye(4).index({torch::tensor({0, 3})}).unsqueeze(1).expand({2, 3, 4});
  study.gallery.targets["soft"] = torch::full({2, 3, 4}, 0.25);
  return study;
}

/// Every value of an attribute that the page gives to SVG for drawing.
std::vector<std::string> coordinates(const std::string& page) {
  static const std::regex kAttribute(
      R"re( (?:d|x|y|cx|cy|r|width|height|transform|viewBox)="([^"]*)")re");
  std::vector<std::string> values;
  for (std::sregex_iterator match(page.begin(), page.end(), kAttribute), end; match != end;
       ++match) {
    values.push_back((*match)[1]);
  }
  return values;
}

void expect_only_numbers(const std::string& svg) {
  const std::vector<std::string> values = coordinates(svg);
  EXPECT_GT(values.size(), 10u);
  for (const std::string& value : values) {
    EXPECT_THAT(value, Not(HasSubstr("nan")));
    EXPECT_THAT(value, Not(HasSubstr("inf")));
  }
}

TEST(HtmlPage, FetchesNothingFromTheNetwork) {
  const std::string page = html_page(with_gallery(example_study()));
  const std::regex fetches(R"re((?:src|href|action|data|url)\s*[=(]\s*["']?\s*(?:https?:)?//)re");
  EXPECT_FALSE(std::regex_search(page, fetches));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
  EXPECT_THAT(page, Not(HasSubstr("<link")));
}

TEST(HtmlPage, EscapesEveryTextOfTheStudy) {
  StudyRecord study = example_study();
  const std::string evil = "<script>alert(\"x\")</script>";
  study.name = study.title = study.dataset = study.student = study.views = study.config = evil;
  study.provenance.command = study.provenance.cpu = study.provenance.commit = evil;
  study.class_names[0] = study.cells[1].name = study.cells[1].teacher = evil;
  study.teachers[0].name = study.teachers[0].model = evil;
  for (TrialRecord& trial : study.trials) {
    trial.cell = trial.cell == "soft" ? evil : trial.cell;
  }
  study = with_gallery(study);
  study.gallery.targets[evil] = study.gallery.targets["soft"];
  EXPECT_THAT(html_page(study), Not(HasSubstr("<script>alert")));
  EXPECT_THAT(curves_file_svg(study), Not(HasSubstr("<script>")));
}

TEST(HtmlPage, DrawsNothingThatIsNotANumber) {
  expect_only_numbers(html_page(with_gallery(example_with_divergence())));
  StudyRecord single = example_study();  // one seed: no interval anywhere
  std::erase_if(single.trials, [](const TrialRecord& trial) { return trial.seed == 1; });
  expect_only_numbers(html_page(single));
  expect_only_numbers(curves_file_svg(single));
}

TEST(HtmlPage, StandsUpToAStudyWithoutTrials) {
  StudyRecord study = example_study();
  study.trials.clear();
  expect_only_numbers(html_page(study));
  EXPECT_THAT(html_page(study), HasSubstr("not been read yet"));
}

TEST(HtmlPage, ShowsEachViewAndEachCellsTargetInTheGallery) {
  const std::string page = html_page(with_gallery(example_study()));
  std::size_t images = 0;
  for (std::size_t at = 0; (at = page.find("data:image/png;base64,", at)) != std::string::npos;
       ++at) {
    ++images;
  }
  EXPECT_EQ(images, 2u * (1 + 3));
  EXPECT_THAT(page, HasSubstr("largest: d 1.00"));
}

TEST(HtmlPage, RefusesAGalleryWhoseTargetsDoNotFitItsViews) {
  StudyRecord study = with_gallery(example_study());
  study.gallery.targets["soft"] = torch::full({2, 2, 4}, 0.25);
  EXPECT_THROW(html_page(study), std::invalid_argument);
}

TEST(Headline, CallsADifferenceClearByItsCorrectedPAndSaysWhatIsLeftOpen) {
  StudyRecord study = example_study();
  // Two seeds: 18 and 22 points apart at 10 steps, 10 and 14 at 20, half widths 25.
  EXPECT_THAT(
      headline(study, summarise(study)),
      ElementsAre(HasSubstr("After 10 steps no cell differs clearly from “hard”, which leaves "
                            "open differences from −5.41 to +45.41 points."),
                  HasSubstr("After 20 steps no cell differs clearly from “hard”, which leaves "
                            "open differences from −13.41 to +37.41 points."),
                  HasSubstr("corrected by Holm for the 2 comparisons")));
  study.trials[5].tests.back().top1_pct = 75.1;  // now 10 and 10.1
  EXPECT_THAT(headline(study, summarise(study))[1],
              HasSubstr("After 20 steps “soft” (+10.05 ± 0.64 points) is ahead of “hard”."));
}

TEST(Headline, CallsNothingClearThatOneOfManyComparisonsWouldShowByChance) {
  StudyRecord study = example_study();
  // At 20 steps 10 and 11 points: p = 0.030 alone, 0.061 as the smaller of two.
  study.trials[5].tests.back().top1_pct = 76;
  const BudgetSummary& at = summarise(study).cells[1].budgets[1];
  EXPECT_GT(at.difference.mean, at.difference.half_width);
  EXPECT_NEAR(at.p, 0.0303, 1e-4);
  EXPECT_NEAR(at.p_holm, 0.0606, 1e-4);
  EXPECT_THAT(headline(study, summarise(study))[1], HasSubstr("no cell differs clearly"));
  EXPECT_THAT(html_page(study), Not(HasSubstr("<small class=\"up\">")));
}

TEST(Headline, OfAnUnfinishedStudySaysFirstWhatIsThere) {
  StudyRecord study = example_study();
  for (const TrialRecord& trial : study.trials) {
    study.planned.push_back({trial.id, trial.cell, trial.rate, trial.seed});
  }
  std::erase_if(study.trials, [](const TrialRecord& t) { return t.cell == "soft" && t.seed == 1; });
  const std::vector<std::string> sentences = headline(study, summarise(study));
  EXPECT_THAT(sentences[0], HasSubstr("6 of 8 trials are done, 1–2 of 2 seeds"));
  EXPECT_THAT(sentences[1], HasSubstr("no interval"));
  const std::string page = html_page(study);
  EXPECT_THAT(page, HasSubstr("<small class=\"warn\">n = 1</small>"));
  EXPECT_THAT(page, HasSubstr("· 1–2 seeds ·"));
}

TEST(HtmlPage, MarksCellsThatArePairedInSeedsAndNotInViews) {
  StudyRecord study = example_study();
  EXPECT_THAT(html_page(study), HasSubstr("Equal seeds share initial weights, batches and views."));
  EXPECT_THAT(html_page(study), Not(HasSubstr("†")));
  study.cells[1].paired_in = "weights, batches, views of visits below 2";
  EXPECT_THAT(html_page(study), HasSubstr("† “soft” (weights, batches, views of visits below 2)"));
  EXPECT_THAT(html_page(study), HasSubstr("+12.00 ± 25.41†"));
  study.cells[1].paired_in = "";  // an older record
  EXPECT_THAT(html_page(study), HasSubstr("is not in the records of this study"));
}

TEST(HtmlPage, SaysUnknownWhereNobodyKnowsWhatSomethingHasCost) {
  StudyRecord study = example_study();
  EXPECT_THAT(html_page(study), Not(HasSubstr("<td>unknown</td>")));
  study.cells[1].teacher = "elsewhere";
  for (TrialRecord& trial : study.trials) {
    trial.labelling_s = trial.cell == "soft" ? std::numeric_limits<double>::quiet_NaN() : 0;
  }
  const std::string page = html_page(study);
  EXPECT_THAT(page, HasSubstr("<td>unknown</td><td>unknown</td>"));
  EXPECT_THAT(page, HasSubstr("labelling time is unknown are left out"));
  EXPECT_THAT(page, HasSubstr(">unknown</text>")) << "in the seconds to a goal";
}

TEST(WriteReport, WritesThePageItsTablesAndItsFigure) {
  const TemporaryFolder folder;
  const StudyRecord study = example_study();
  write_report(study, folder.path() / "report");
  EXPECT_EQ(read_file(folder.path() / "report" / "index.html"), html_page(study));
  EXPECT_EQ(read_file(folder.path() / "report" / "evaluations.csv"), evaluations_csv(study));
  EXPECT_EQ(read_file(folder.path() / "report" / "summary.csv"), summary_csv(study));
  EXPECT_EQ(read_file(folder.path() / "report" / "tests.csv"), tests_csv(study));
  EXPECT_EQ(read_file(folder.path() / "report" / "teachers.csv"), teachers_csv(study));
  EXPECT_THAT(read_file(folder.path() / "report" / "curves.svg"), HasSubstr("</svg>"));
}

TEST(HtmlPage, OfAThousandClassesDrawsTheLargestTargetsAndTheSamplesOwn) {
  StudyRecord study = with_gallery(example_study());
  for (std::size_t c = 4; c < 1000; ++c) {
    study.class_names.push_back("class " + std::to_string(c));
  }
  const torch::Tensor rising = torch::arange(1000, torch::kFloat32) / 499500;
  study.gallery.targets = {{"soft", rising.expand({2, 3, 1000})}};
  const std::string page = html_page(study);
  const std::regex bar(R"re(<rect class="(own|other)")re");
  // Two samples of three views: ten largest each, and their own classes 0 and 3 beside them.
  EXPECT_EQ(
      std::distance(std::sregex_iterator(page.begin(), page.end(), bar), std::sregex_iterator()),
      2 * 3 * 11);
  EXPECT_THAT(page, HasSubstr("largest: class 999"));
}

}  // namespace
}  // namespace tandem
