#include "tandem/report/terminal_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tandem/core/printable.h"
#include "tandem/report/summary.h"
#include "wording.h"

namespace tandem {
namespace {

using namespace report;

constexpr std::size_t kMostColumns = 110, kMostNameLetters = 28, kGap = 2;

using Row = std::vector<std::string>;

/// Columns of text with a line under the head; the first is flush left, the others flush right.
class TextTable {
 public:
  void add(Row row) { rows_.push_back(std::move(row)); }

  std::size_t width() const {
    std::size_t width = 0;
    for (const std::size_t column : widths()) {
      width += column + kGap;
    }
    return width - kGap;
  }

  std::string text(std::size_t head_rows) const {
    const std::vector<std::size_t> columns = widths();
    std::string text;
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      std::string line;
      for (std::size_t column = 0; column < columns.size(); ++column) {
        const std::string& cell = rows_[k][column];
        const std::string padding(columns[column] - letter_count(cell), ' ');
        line += column == 0 ? cell + padding : std::string(kGap, ' ') + padding + cell;
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
      if (k + 1 == head_rows) {
        for (std::size_t letter = 0; letter < width(); ++letter) {
          text += "─";
        }
        text += "\n";
      }
    }
    return text;
  }

 private:
  std::vector<std::size_t> widths() const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const Row& row : rows_) {
      for (std::size_t column = 0; column < row.size(); ++column) {
        widths[column] = std::max(widths[column], letter_count(row[column]));
      }
    }
    return widths;
  }

  std::vector<Row> rows_;
};

/// Index of the highest goal that more than half of the cells reach (else that any reaches).
std::optional<std::size_t> stated_goal(const StudyRecord& study, const Summary& summary) {
  std::optional<std::size_t> by_most, by_any;
  for (std::size_t goal = 0; goal < study.goals_pct.size(); ++goal) {
    const auto cells =
        std::count_if(summary.cells.begin(), summary.cells.end(),
                      [&](const CellSummary& cell) { return cell.goals[goal].time.has_value(); });
    const auto is_higher = [&](const std::optional<std::size_t>& than) {
      return !than || study.goals_pct[goal] > study.goals_pct[*than];
    };
    if (2 * cells > static_cast<std::ptrdiff_t>(summary.cells.size()) && is_higher(by_most)) {
      by_most = goal;
    }
    if (cells > 0 && is_higher(by_any)) {
      by_any = goal;
    }
  }
  return by_most ? by_most : by_any;
}

std::string accuracy_text(const Summary& summary, const BudgetSummary& at) {
  return with_interval(at.shown(summary.tested), 1) + (at.diverged > 0 ? "*" : "");
}

/// Seconds of labelling, or else the teacher's share of a run.
std::string labels_text(const CellSummary& cell) {
  const TeacherCost& cost = cell.cost;
  if (!cell.cell.has_teacher() || cell.trials == 0) {
    return "–";
  }
  return seconds_or_unknown(cost.labelling_s.mean == 0 ? cost.inference_s.mean
                                                       : cost.labelling_s.mean);
}

/// Whether the cells' accuracies are of different numbers of seeds.
bool differ_in_seeds(const Summary& summary) {
  const SeedCounts counts = seed_counts(summary);
  return counts.fewest != counts.most;
}

TextTable table_of(const StudyRecord& study, const Summary& summary,
                   const std::vector<std::size_t>& budgets) {
  const std::optional<std::size_t> goal = stated_goal(study, summary);
  TextTable table;
  Row top = {""}, names = {"cell"};
  for (const std::size_t budget : budgets) {
    top.push_back("accuracy %");
    names.push_back(fmt::format("{} steps", grouped(study.budgets[budget])));
  }
  if (goal) {
    const std::string to = fmt::format("to {:g} %", study.goals_pct[*goal]);
    top.insert(top.end(), {to, to});
    names.insert(names.end(), {"steps", "seconds"});
  }
  top.insert(top.end(), {"teacher", "teacher"});
  names.insert(names.end(), {"trained s", "labels s"});
  const bool counted = differ_in_seeds(summary);
  if (counted) {
    top.insert(top.begin() + 1, "");
    names.insert(names.begin() + 1, "n");
  }
  table.add(top);
  table.add(names);
  for (const CellSummary& cell : summary.cells) {
    Row row = {shorten(printable(cell.cell.name, LineEnds::kShown), kMostNameLetters)};
    if (counted) {
      row.push_back(counts_text(seed_counts(cell, summary.tested)));
    }
    for (const std::size_t budget : budgets) {
      row.push_back(accuracy_text(summary, cell.budgets[budget]));
    }
    if (goal) {
      const auto& time = cell.goals[*goal].time;
      const bool partly = time && time->reached < time->trials;
      row.push_back(time ? decimal(time->steps.mean, 0) + (partly ? "+" : "") : "never");
      row.push_back(time ? seconds_or_unknown(time->seconds.mean) + (partly ? "+" : "") : "never");
    }
    row.push_back(cell.cell.has_teacher() ? seconds_or_unknown(cell.cost.training_s) : "–");
    row.push_back(labels_text(cell));
    table.add(row);
  }
  return table;
}

bool any_diverged(const Summary& summary) {
  return std::any_of(summary.cells.begin(), summary.cells.end(), [](const CellSummary& cell) {
    return std::any_of(cell.budgets.begin(), cell.budgets.end(),
                       [](const BudgetSummary& at) { return at.diverged > 0; });
  });
}

bool any_partly_reached(const Summary& summary) {
  return std::any_of(summary.cells.begin(), summary.cells.end(), [](const CellSummary& cell) {
    return std::any_of(cell.goals.begin(), cell.goals.end(), [](const GoalSummary& goal) {
      return goal.time && goal.time->reached < goal.time->trials;
    });
  });
}

/// `text` broken at spaces into lines of at most kMostColumns.
std::string wrapped(const std::string& text) {
  std::string lines, line;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (!line.empty() && letter_count(line) + 1 + letter_count(word) > kMostColumns) {
      lines += line + "\n";
      line.clear();
    }
    line += line.empty() ? word : " " + word;
    begin = end + 1;
  }
  return lines + line + "\n";
}

}  // namespace

std::string terminal_table(const StudyRecord& study) {
  const Summary summary = summarise(study);
  std::vector<std::size_t> budgets(study.budgets.size());
  for (std::size_t k = 0; k < budgets.size(); ++k) {
    budgets[k] = k;
  }
  TextTable table = table_of(study, summary, budgets);
  while (table.width() > kMostColumns && !budgets.empty()) {
    budgets.erase(budgets.begin() + static_cast<std::ptrdiff_t>(budgets.size() / 2));
    table = table_of(study, summary, budgets);
  }
  std::string text =
      wrapped(printable(study.title, LineEnds::kShown)) + "\n" + table.text(2) + "\n";
  text += wrapped(fmt::format(
      "{} accuracy at the last step, mean ± 95 % half width; n = {} ({}seeds {}); rates chosen per "
      "cell and budget on the validation split from {{{}}}.",
      summary.tested ? "Test" : "Validation", counts_text(seed_counts(summary)),
      is_unfinished(study) ? "of the planned " : "", seeds_text(study), rates_text(study)));
  if (is_unfinished(study)) {
    text += wrapped(fmt::format("Unfinished: {} of {} trials are done.", study.trials.size(),
                                study.planned.size()));
  }
  text += wrapped(
      "Goals are validation accuracy; their seconds include labelling. \"labels\" is labelling the "
      "data set once, or the teacher's share of the longest run where it answers every view.");
  if (any_diverged(summary)) {
    text += "* includes trials that diverged, counted as chance.\n";
  }
  if (any_partly_reached(summary)) {
    text += "+ mean of the trials that reached the goal; others of the cell did not.\n";
  }
  if (budgets.size() < study.budgets.size()) {
    text += "Some budgets are left out here for width; summary.csv has all.\n";
  }
  return text;
}

}  // namespace tandem
