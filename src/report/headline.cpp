#include "headline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "wording.h"

namespace tandem {
namespace {

using namespace report;

/// "“view probs” (+2.21 ± 1.64 points)" for each cell whose difference to the baseline at this
/// budget is clear and of the wished sign, largest difference first.
std::vector<std::string> clearly_apart(const Summary& summary, std::size_t budget, bool ahead) {
  std::vector<const CellSummary*> cells;
  for (const CellSummary& cell : summary.cells) {
    const BudgetSummary& at = cell.budgets[budget];
    if (at.is_clear() && (at.difference.mean > 0) == ahead) {
      cells.push_back(&cell);
    }
  }
  std::sort(cells.begin(), cells.end(), [&](const CellSummary* a, const CellSummary* b) {
    const auto size = [&](const CellSummary* cell) {
      return std::abs(cell->budgets[budget].difference.mean);
    };
    return size(a) > size(b);
  });
  std::vector<std::string> texts;
  for (const CellSummary* cell : cells) {
    texts.push_back(fmt::format("“{}” ({} points)", cell->cell.name,
                                signed_with_interval(cell->budgets[budget].difference, 2)));
  }
  return texts;
}

std::string is_or_are(const std::vector<std::string>& words) {
  return words.size() == 1 ? "is" : "are";
}

/// What the differences that are not clear at this budget may be: "from -1.20 to +3.40 points",
/// the ends of all their intervals. Empty where there is none.
std::string not_excluded(const Summary& summary, std::size_t budget) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const CellSummary& cell : summary.cells) {
    const BudgetSummary& at = cell.budgets[budget];
    if (std::isfinite(at.p) && !at.is_clear()) {
      low = std::min(low, at.difference.mean - at.difference.half_width);
      high = std::max(high, at.difference.mean + at.difference.half_width);
    }
  }
  return low > high ? ""
                    : fmt::format("from {} to {} points", with_sign(low, 2), with_sign(high, 2));
}

std::string sentence_of_budget(const Summary& summary, std::size_t budget, const std::string& steps,
                               const std::string& baseline) {
  const auto ahead = clearly_apart(summary, budget, true);
  const auto behind = clearly_apart(summary, budget, false);
  std::string text = fmt::format("After {} steps", steps);
  if (!ahead.empty()) {
    text += fmt::format(" {} {} ahead of “{}”", enumerate(ahead), is_or_are(ahead), baseline);
  }
  if (!behind.empty()) {
    text += fmt::format("{} {} {} behind{}", ahead.empty() ? "" : ", and", enumerate(behind),
                        is_or_are(behind), ahead.empty() ? fmt::format(" “{}”", baseline) : "");
  }
  const std::string open = not_excluded(summary, budget);
  if (ahead.empty() && behind.empty()) {
    return fmt::format("{} no cell differs clearly from “{}”, which leaves open differences {}.",
                       text, baseline, open);
  }
  return text + (open.empty() ? "." : fmt::format("; the intervals of the others reach {}.", open));
}

/// What there is to answer from, where it is not everything.
std::string unfinished_sentence(const StudyRecord& study, const Summary& summary) {
  return fmt::format(
      "Unfinished: {} of {} trials are done, {} of {} seeds stand behind each accuracy, and rates "
      "may be chosen otherwise when all are.",
      study.trials.size(), study.planned.size(), counts_text(seed_counts(summary)),
      study.seeds.size());
}

std::vector<std::string> answer(const StudyRecord& study, const Summary& summary) {
  if (!summary.tested) {
    return {"The test split has not been read yet; what follows is the validation split."};
  }
  const CellRecord* baseline = baseline_of(study);
  if (baseline == nullptr || study.cells.size() < 2) {
    return {"One strategy alone; there is nothing to compare it with."};
  }
  if (summary.comparisons == 0) {
    return {
        "No two seeds are there for both of any two cells, which gives no interval, so no "
        "difference can be called clear."};
  }
  std::vector<std::string> sentences;
  for (std::size_t budget = 0; budget < study.budgets.size(); ++budget) {
    const bool compared = std::ranges::any_of(summary.cells, [&](const CellSummary& cell) {
      return std::isfinite(cell.budgets[budget].p);
    });
    if (compared) {
      sentences.push_back(
          sentence_of_budget(summary, budget, grouped(study.budgets[budget]), baseline->name));
    }
  }
  sentences.push_back(fmt::format(
      "Clear means p ≤ 0.05 in a paired t test, corrected by Holm for the {} comparisons made "
      "here; ± and what is left open are 95 % intervals of one comparison each.",
      summary.comparisons));
  return sentences;
}

}  // namespace

std::vector<std::string> headline(const StudyRecord& study, const Summary& summary) {
  std::vector<std::string> sentences = answer(study, summary);
  if (is_unfinished(study)) {
    sentences.insert(sentences.begin(), unfinished_sentence(study, summary));
  }
  return sentences;
}

}  // namespace tandem
