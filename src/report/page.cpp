#include "tandem/report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "figures.h"
#include "gallery.h"
#include "headline.h"
#include "markup.h"
#include "page_parts.h"
#include "tandem/core/atomic_file.h"
#include "tandem/report/csv.h"
#include "wording.h"

namespace tandem {
namespace {

using namespace report;

std::string section(const char* id, const char* title, const std::string& content,
                    const std::string& note = "") {
  const std::string notes = note.empty() ? "" : "<p class=\"notes\">" + note + "</p>\n";
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}{}</section>\n\n", id, title, content,
                     notes);
}

std::string figure(const std::string& svg, const std::string& caption) {
  return "<figure>" + svg + "<figcaption>" + caption + "</figcaption></figure>\n";
}

std::string head_html(const StudyRecord& study, const Summary& summary) {
  std::string html = fmt::format(
      "<header>\n<p class=\"kicker\">Tandem study <code>{}</code></p>\n<h1>{}</h1>\n"
      "<div class=\"answer\">\n",
      escape_markup(study.name), escape_markup(study.title));
  for (const std::string& sentence : headline(study, summary)) {
    html += "<p>" + escape_markup(sentence) + "</p>\n";
  }
  html += fmt::format(
      "</div>\n<p class=\"facts\">{} · {} · {} training samples · {} seeds · rates {{{}}} "
      "tried for every cell · ± is a 95 % interval over seeds</p>\n</header>\n\n",
      escape_markup(study.dataset), escape_markup(study.student), grouped(study.train.size),
      counts_text(seed_counts(summary)), rates_text(study));
  return html;
}

std::string curves_section(const StudyRecord& study, const Summary& summary) {
  const bool all_timed = std::ranges::none_of(summary.cells, [](const CellSummary& cell) {
    return cell.trials > 0 && std::isnan(cell.cost.labelling_s.mean);
  });
  return section(
      "curves", "Learning curves",
      legend_html(study) + "<div class=\"pair\">\n" +
          figure(learning_curves_svg(study, CurveAxis::kSteps),
                 "Against training steps. Dotted verticals are the budgets.") +
          figure(learning_curves_svg(study, CurveAxis::kSeconds),
                 std::string(
                     "Against training seconds. The teacher's answers are included; labelling "
                     "once moves a curve to the right. Training the teacher is not included.") +
                     (all_timed ? "" : " Cells whose labelling time is unknown are left out.")) +
          "</div>\n",
      "Lines are means over seeds on the validation split, bands their 95 % intervals; each cell "
      "is "
      "shown at the rate chosen for the last budget, so earlier budgets may look better at another "
      "rate. Step 0 has no place on a logarithmic axis. Markers tell the granularity, dashes the "
      "teacher.");
}

std::string times_section(const StudyRecord& study, const Summary& summary) {
  if (study.goals_pct.empty()) {
    return "";
  }
  return section(
      "times", "Time to accuracy",
      "<div class=\"pair\">\n" +
          figure(times_to_accuracy_svg(study, summary, CurveAxis::kSteps), "In steps.") +
          figure(times_to_accuracy_svg(study, summary, CurveAxis::kSeconds),
                 "In training seconds, labelling and the teacher's answers included.") +
          "</div>\n",
      "The first evaluation at which validation accuracy reaches the goal, at the rate "
      "that gets most trials there and then soonest. (3/5) means that three trials of "
      "five got there, and the mean is theirs. Times are as fine as the evaluation schedule: "
      "no interval means that all trials got there at the same evaluation.");
}

std::string rates_section(const StudyRecord& study) {
  std::string figures;
  for (const std::int64_t budget : study.budgets) {
    figures += figure(rate_sensitivity_svg(study, budget),
                      fmt::format("After {} steps.", grouped(budget)));
  }
  return section(
      "rates", "Learning rates",
      legend_html(study) + "<div class=\"multiples\">\n" + figures + "</div>\n",
      "Every cell is tried at every rate with every seed. The ring is the rate chosen "
      "for that cell and budget: best mean validation accuracy, the smaller of equals. A "
      "ring at the edge of the grid warns that the best rate may lie outside. Points of "
      "one rate stand side by side for legibility.");
}

std::string gallery_section(const StudyRecord& study) {
  const std::string gallery = gallery_html(study);
  return gallery.empty()
             ? ""
             : section("gallery", "What the student is told",
                       "<p>The unaugmented sample, some of its views, and the target of each view "
                       "under every cell. The solid bar is the sample's own class; the class with "
                       "the largest share is named. Where all views share a target the bars of a "
                       "row are equal.</p>\n" +
                           gallery);
}

std::string accuracy_section(const StudyRecord& study, const Summary& summary) {
  return section(
      "accuracy", "Accuracy at equal budgets", accuracy_table_html(study, summary),
      "Mean ± half width of the 95 % Student t interval over seeds. " + pairing_html(study) +
          " A difference is coloured where it is clear: p ≤ 0.05 in a paired t test, corrected by "
          "Holm for all comparisons of this table; intervals are for one comparison each. The "
          "rate of each cell and budget was chosen on the validation split, before the test split "
          "was read, but among the very trials that are shown, so accuracies are slightly "
          "optimistic, for all cells alike; the selected step is the one with the best validation "
          "accuracy within the budget. A trial that diverged counts as chance.");
}

}  // namespace

std::string html_page(const StudyRecord& study) {
  const Summary summary = summarise(study);
  std::string page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += "<meta name=\"color-scheme\" content=\"light dark\">\n";
  page += fmt::format("<title>{}</title>\n", escape_markup(study.title));
  page += "<style>" + figure_css() + page_css() + "</style>\n</head>\n<body>\n<main>\n";
  page += head_html(study, summary);
  if (!study.failures.empty()) {
    page += section("failures", "What could not be done", failure_table_html(study),
                    "Of the last run of the study; the next one tries these jobs again.");
  }
  page += curves_section(study, summary);
  page += accuracy_section(study, summary);
  page += times_section(study, summary);
  page += section("cost", "What it costs", cost_table_html(study, summary),
                  "Seconds of the longest budget at its chosen rate, on the machine named below; "
                  "unknown where nothing says what a teacher or a store has cost.");
  page += rates_section(study);
  page += section("teachers", "Teacher ladder", teacher_table_html(study));
  page += gallery_section(study);
  page += section("provenance", "Provenance", provenance_html(study));
  page +=
      "<section id=\"data\">\n<h2>Data</h2>\n<p>Every number of this page: "
      "<a href=\"evaluations.csv\">evaluations.csv</a> (each look at the validation split), "
      "<a href=\"tests.csv\">tests.csv</a> (each reading of the test split), "
      "<a href=\"summary.csv\">summary.csv</a> (means, intervals and p values), "
      "<a href=\"teachers.csv\">teachers.csv</a> (the ladder of teachers).</p>\n</section>\n";
  page += "</main>\n<div id=\"tip\" role=\"status\" hidden></div>\n<script>" + page_script() +
          "</script>\n</body>\n</html>\n";
  return page;
}

void write_report(const StudyRecord& study, const std::filesystem::path& folder) {
  write_file_atomically(folder / "evaluations.csv", evaluations_csv(study));
  write_file_atomically(folder / "summary.csv", summary_csv(study));
  write_file_atomically(folder / "teachers.csv", teachers_csv(study));
  write_file_atomically(folder / "tests.csv", tests_csv(study));
  write_file_atomically(folder / "curves.svg", curves_file_svg(study));
  write_file_atomically(folder / "index.html", html_page(study));
}

}  // namespace tandem
