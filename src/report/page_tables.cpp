#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "markup.h"
#include "page_parts.h"
#include "series_style.h"
#include "tandem/record/failure_group.h"
#include "wording.h"

namespace tandem::report {
namespace {

constexpr const char* kPairingMark = "†";

std::string cell_head(const CellRecord& cell, const SeriesStyle& style) {
  return fmt::format(
      "<th scope=\"row\"><svg class=\"key\" viewBox=\"0 0 34 14\" aria-hidden=\"true\">{}</svg>"
      "{}{}</th>",
      legend_key_svg(style), escape_markup(cell.name),
      cell.baseline ? " <small>baseline</small>" : "");
}

/// Difference to the baseline with what it is called; a mark where seeds alone are paired.
std::string difference_html(const CellRecord& cell, const BudgetSummary& at) {
  if (cell.baseline || at.difference.n == 0) {
    return "<small>–</small>";
  }
  const char* tone = !at.is_clear() ? "unclear" : at.difference.mean > 0 ? "up" : "down";
  return fmt::format("<small class=\"{}\">{}{}</small>", tone,
                     signed_with_interval(at.difference, 2),
                     cell.is_paired_in_part() ? kPairingMark : "");
}

/// Accuracy of one cell at one budget; under it the difference to the baseline, the accuracy at the
/// selected step, and what is missing of the planned seeds.
std::string accuracy_cell(const StudyRecord& study, const Summary& summary, const CellRecord& cell,
                          const BudgetSummary& at, bool is_best) {
  const Estimate& accuracy = at.shown(summary.tested);
  std::string under = difference_html(cell, at);
  if (at.test_selected.n > 0) {
    under += fmt::format("<small>{}</small>", with_interval(at.test_selected, 2));
  }
  if (accuracy.n > 0 && accuracy.n != std::ssize(study.seeds)) {
    under += fmt::format("<small class=\"warn\">n = {}</small>", accuracy.n);
  }
  if (at.diverged > 0) {
    under += fmt::format("<small class=\"warn\">{} of {} diverged</small>", at.diverged, at.trials);
  }
  std::string details =
      fmt::format("rate {}, validation {}, n = {}", at.rate ? fmt::format("{:g}", *at.rate) : "–",
                  with_interval(at.validation, 2), accuracy.n);
  if (std::isfinite(at.p)) {
    details += fmt::format(", p = {:.2g}, by Holm {:.2g}", at.p, at.p_holm);
  }
  return fmt::format("<td class=\"stack\" title=\"{}\"><span class=\"{}\">{}</span>{}</td>",
                     details, is_best ? "best" : "", with_interval(accuracy, 2), under);
}

/// What trials measured, as `text` has it; of a cell without any there is nothing yet.
std::string measured(const CellSummary& cell, const Estimate& cost, const std::string& text) {
  return cell.trials > 0 && cost.n == 0 ? "unknown" : text;
}

double best_at(const Summary& summary, std::size_t budget) {
  double best = -1;
  for (const CellSummary& cell : summary.cells) {
    const BudgetSummary& at = cell.budgets[budget];
    const double accuracy = at.shown(summary.tested).mean;
    best = std::isfinite(accuracy) ? std::max(best, accuracy) : best;
  }
  return best;
}

}  // namespace

std::string accuracy_table_html(const StudyRecord& study, const Summary& summary) {
  const std::vector<SeriesStyle> styles = series_styles(study);
  std::string budgets;
  for (const std::int64_t budget : study.budgets) {
    budgets += fmt::format(
        "<th scope=\"col\">{} steps<br><small>{} accuracy / %</small><br>"
        "<small>against baseline</small><br><small>at the selected step</small></th>",
        grouped(budget), summary.tested ? "test" : "validation");
  }
  std::string html = fmt::format(
      "<div class=\"wide\"><table class=\"numbers\">\n"
      "<thead><tr><th scope=\"col\">cell</th>{}</tr></thead>\n<tbody>\n",
      budgets);
  for (std::size_t k = 0; k < summary.cells.size(); ++k) {
    const CellSummary& cell = summary.cells[k];
    html += "<tr>" + cell_head(cell.cell, styles[k]);
    for (std::size_t budget = 0; budget < cell.budgets.size(); ++budget) {
      const BudgetSummary& at = cell.budgets[budget];
      const double accuracy = at.shown(summary.tested).mean;
      html += accuracy_cell(study, summary, cell.cell, at, accuracy == best_at(summary, budget));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string pairing_html(const StudyRecord& study) {
  std::string html = "The difference to the baseline is paired by seed. ";
  const auto is_known = [](const CellRecord& cell) { return !cell.paired_in.empty(); };
  if (!std::ranges::all_of(study.cells, is_known)) {
    return html + "What else equal seeds share is not in the records of this study.";
  }
  html += "Equal seeds share initial weights, batches and views";
  std::string exceptions;
  for (const CellRecord& cell : study.cells) {
    if (cell.is_paired_in_part()) {
      exceptions += fmt::format("{}“{}” ({})", exceptions.empty() ? "" : ", ",
                                escape_markup(cell.name), escape_markup(cell.paired_in));
    }
  }
  return exceptions.empty() ? html + "."
                            : fmt::format(
                                  "{}, but for {}, which share with the baseline what is "
                                  "in parentheses and no more: beyond it these "
                                  "differences are paired by the seed alone.",
                                  html, kPairingMark + (" " + exceptions));
}

std::string cost_table_html(const StudyRecord& study, const Summary& summary) {
  const std::vector<SeriesStyle> styles = series_styles(study);
  std::string html =
      "<div class=\"wide\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">cell</th>"
      "<th scope=\"col\">teacher's training / s<br><small>once</small></th>"
      "<th scope=\"col\">labelling / s<br><small>once per data set</small></th>"
      "<th scope=\"col\">training run / s<br><small>teacher included</small></th>"
      "<th scope=\"col\">teacher's share / s<br><small>in every run</small></th>"
      "<th scope=\"col\">trials<br><small>all rates</small></th></tr></thead>\n<tbody>\n";
  for (std::size_t k = 0; k < summary.cells.size(); ++k) {
    const CellSummary& cell = summary.cells[k];
    const TeacherCost& cost = cell.cost;
    const bool has_teacher = cell.cell.has_teacher();
    html += fmt::format(
        "<tr>{}<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}{}</td></tr>\n",
        cell_head(cell.cell, styles[k]), has_teacher ? seconds_or_unknown(cost.training_s) : "–",
        cost.labelling_s.mean == 0
            ? "–"
            : measured(cell, cost.labelling_s, seconds(cost.labelling_s.mean)),
        measured(cell, cost.run_s, with_interval(cost.run_s, 1)),
        has_teacher ? measured(cell, cost.inference_s, with_interval(cost.inference_s, 1)) : "–",
        cell.trials,
        cell.diverged == 0
            ? std::string()
            : fmt::format(" <small class=\"warn\">{} diverged</small>", cell.diverged));
  }
  return html + "</tbody></table></div>\n";
}

std::string teacher_table_html(const StudyRecord& study) {
  if (study.teachers.empty()) {
    return "<p>No cell of this study has a teacher.</p>\n";
  }
  std::string html =
      "<div class=\"wide\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">teacher</th>"
      "<th scope=\"col\">step</th><th scope=\"col\">validation accuracy / %</th>"
      "<th scope=\"col\">training / s</th><th scope=\"col\">model</th></tr></thead>\n<tbody>\n";
  for (const TeacherRecord& teacher : study.teachers) {
    html += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td class=\"text\">{}</td>"
        "</tr>\n",
        escape_markup(teacher.name), grouped(teacher.step), decimal(teacher.validation_top1_pct, 2),
        seconds(teacher.train_s), escape_markup(teacher.model));
  }
  return html + "</tbody></table></div>\n";
}

std::string failure_table_html(const StudyRecord& study) {
  std::string html =
      "<div class=\"wide\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">jobs</th>"
      "<th scope=\"col\">stage</th><th scope=\"col\">reason</th></tr></thead>\n<tbody>\n";
  for (const FailureGroup& group : group_failures(study.failures)) {
    html += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"text\">{}</td><td class=\"text\">{}</td></tr>\n",
        escape_markup(group.jobs_text()), escape_markup(group.stage), escape_markup(group.reason));
  }
  return html + "</tbody></table></div>\n";
}

namespace {

/// [base]'s batch, and those of cells that have another.
std::string batches_text(const StudyRecord& study) {
  std::string text = grouped(study.batch_size);
  for (const CellRecord& cell : study.cells) {
    if (std::isfinite(cell.batch_size) &&
        cell.batch_size != static_cast<double>(study.batch_size)) {
      text += fmt::format(", “{}” {}", cell.name, cell.batch_size);
    }
  }
  return text;
}

}  // namespace

std::string provenance_html(const StudyRecord& study) {
  const Provenance& made = study.provenance;
  std::string html = "<dl class=\"provenance\">\n";
  const auto add = [&](const char* term, const std::string& value) {
    if (!value.empty()) {
      html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", term, escape_markup(value));
    }
  };
  add("data set",
      fmt::format("{}: {} training, {} validation, {} test samples, {} classes", study.dataset,
                  grouped(study.train.size), grouped(study.validation.size),
                  grouped(study.test.size), study.class_names.size()));
  add("student", study.student);
  add("views", study.views);
  add("batch size", batches_text(study));
  add("peak learning rates tried for every cell", rates_text(study));
  add("seeds planned", fmt::format("{} ({})", study.seeds.size(), seeds_text(study)));
  add("trials done", fmt::format("{} of {}", grouped(std::ssize(study.trials)),
                                 grouped(std::ssize(study.planned))));
  add("Tandem", made.tandem_version + (made.commit.empty() ? "" : ", commit " + made.commit));
  add("LibTorch and compiler", made.torch_version + ", " + made.compiler);
  add("hardware",
      fmt::format("{}, {} cores; threads per trial: {}", made.cpu, made.cores, made.threads));
  add("system", made.os);
  add("started", made.started_utc);
  html +=
      fmt::format("<div class=\"whole\"><dt>command</dt><dd><code>{}</code></dd></div>\n</dl>\n",
                  escape_markup(made.command));
  return html + fmt::format(
                    "<details><summary>Study file, overrides included</summary><pre>{}</pre>"
                    "</details>\n",
                    escape_markup(study.config));
}

}  // namespace tandem::report
