#include "tandem/report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
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

TEST(Headline, CallsADifferenceClearOnlyWhereItsIntervalLeavesOutZero) {
  StudyRecord study = example_study();
  // Two seeds: 10 and 14 points apart at 20 steps, half width 25.
  EXPECT_THAT(headline(study, summarise(study)).front(),
              HasSubstr("20 steps no cell differs clearly from “hard”"));
  study.trials[5].tests.back().top1_pct = 75.1;  // now 10 and 10.1
  EXPECT_THAT(headline(study, summarise(study)).front(),
              HasSubstr("After 20 steps “soft” (+10.05 ± 0.64 points) is ahead of “hard”."));
}

TEST(WriteReport, WritesThePageItsTablesAndItsFigure) {
  const TemporaryFolder folder;
  const StudyRecord study = example_study();
  write_report(study, folder.path() / "report");
  EXPECT_EQ(read_file(folder.path() / "report" / "index.html"), html_page(study));
  EXPECT_EQ(read_file(folder.path() / "report" / "evaluations.csv"), evaluations_csv(study));
  EXPECT_EQ(read_file(folder.path() / "report" / "summary.csv"), summary_csv(study));
  EXPECT_EQ(read_file(folder.path() / "report" / "tests.csv"), tests_csv(study));
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
