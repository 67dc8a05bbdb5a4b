#include "headline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wording.h"

namespace tandem {
namespace {

using namespace report;

/// "“view probs” (+2.21 ± 1.64 points)" for each cell whose paired difference to the baseline at
/// this budget is clear and of the wished sign, largest difference first.
std::vector<std::string> clearly_apart(const Summary& summary, std::size_t budget, bool ahead) {
  std::vector<const CellSummary*> cells;
  for (const CellSummary& cell : summary.cells) {
    const Estimate& difference = cell.budgets[budget].difference;
    if (!cell.cell.baseline && is_clear(difference) && (difference.mean > 0) == ahead) {
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

}  // namespace

std::vector<std::string> headline(const StudyRecord& study, const Summary& summary) {
  if (!summary.tested) {
    return {"The test split has not been read yet; what follows is the validation split."};
  }
  const CellRecord* baseline = baseline_of(study);
  if (baseline == nullptr || study.cells.size() < 2) {
    return {"One strategy alone; there is nothing to compare it with."};
  }
  if (study.seeds.size() < 2) {
    return {"One seed alone gives no interval, so no difference can be called clear."};
  }
  std::vector<std::string> sentences;
  std::vector<std::string> unclear;
  for (std::size_t budget = 0; budget < study.budgets.size(); ++budget) {
    const std::string steps = grouped(study.budgets[budget]);
    const auto ahead = clearly_apart(summary, budget, true);
    const auto behind = clearly_apart(summary, budget, false);
    if (ahead.empty() && behind.empty()) {
      unclear.push_back(steps);
      continue;
    }
    std::string text = fmt::format("After {} steps", steps);
    if (!ahead.empty()) {
      text +=
          fmt::format(" {} {} ahead of “{}”", enumerate(ahead), is_or_are(ahead), baseline->name);
    }
    if (!behind.empty()) {
      text +=
          fmt::format("{} {} {} behind{}", ahead.empty() ? "" : ", and", enumerate(behind),
                      is_or_are(behind), ahead.empty() ? fmt::format(" “{}”", baseline->name) : "");
    }
    sentences.push_back(text + ".");
  }
  if (!unclear.empty()) {
    sentences.push_back(fmt::format("After {} steps no cell differs clearly from “{}”.",
                                    enumerate(unclear), baseline->name));
  }
  const std::size_t comparisons = (study.cells.size() - 1) * study.budgets.size();
  sentences.push_back(
      fmt::format("Clear means that the 95 % interval of the paired difference leaves out zero; of "
                  "the {} comparisons made here, about {:.1f} would by chance alone.",
                  comparisons, 0.05 * static_cast<double>(comparisons)));
  return sentences;
}

}  // namespace tandem
