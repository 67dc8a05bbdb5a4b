#include "tandem/report/headline.h"

#include <fmt/format.h>

#include <cmath>

#include "wording.h"

namespace tandem {
namespace {

using namespace report;

const CellSummary* leader_at(const Summary& summary, std::size_t budget) {
  const CellSummary* leader = nullptr;
  for (const CellSummary& cell : summary.cells) {
    const double accuracy = cell.budgets[budget].test_last.mean;
    if (std::isfinite(accuracy) &&
        (leader == nullptr || accuracy > leader->budgets[budget].test_last.mean)) {
      leader = &cell;
    }
  }
  return leader;
}

std::string quoted(const std::string& name) {
  return "“" + name + "”";
}

/// Cells other than the leader and the baseline whose paired difference to the leader is not clear.
std::vector<std::string> rivals_of(const StudyRecord& study, const Summary& summary,
                                   const CellSummary& leader, std::int64_t budget) {
  std::vector<std::string> rivals;
  for (const CellSummary& cell : summary.cells) {
    if (cell.cell.name != leader.cell.name && !cell.cell.baseline) {
      const Estimate difference =
          paired_difference(study, leader.cell.name, cell.cell.name, budget);
      if (difference.n > 0 && !is_clear(difference)) {
        rivals.push_back(quoted(cell.cell.name));
      }
    }
  }
  return rivals;
}

/// What the paired difference to the baseline says, as the middle of a sentence.
std::string against_baseline(const CellRecord& baseline, const Estimate& difference) {
  const std::string gap = signed_with_interval(difference, 2) + " points";
  if (!std::isfinite(difference.half_width)) {
    return fmt::format("leads the baseline {} by {} (one seed, so no interval)",
                       quoted(baseline.name), gap);
  }
  return is_clear(difference)
             ? fmt::format("leads, {} over the baseline {}", gap, quoted(baseline.name))
             : fmt::format("has the highest mean, but no clear difference from the baseline {}: {}",
                           quoted(baseline.name), gap);
}

std::string sentence(const StudyRecord& study, const Summary& summary, std::size_t budget) {
  const std::int64_t steps = study.budgets[budget];
  const CellSummary* leader = leader_at(summary, budget);
  if (leader == nullptr) {
    return fmt::format("After {} steps: no test accuracy yet.", grouped(steps));
  }
  const BudgetSummary& at = leader->budgets[budget];
  const CellRecord* baseline = baseline_of(study);
  const bool is_compared = baseline != nullptr && !leader->cell.baseline && at.difference.n > 0;
  std::string text = fmt::format(
      "After {} steps {}{} ({} % test accuracy) {}", grouped(steps),
      leader->cell.baseline ? "the baseline " : "", quoted(leader->cell.name),
      with_interval(at.test_last, 2),
      is_compared ? against_baseline(*baseline, at.difference) : "has the highest mean");
  const std::vector<std::string> rivals = rivals_of(study, summary, *leader, steps);
  if (!rivals.empty()) {
    text += "; no clear difference from " + enumerate(rivals);
  }
  return text + ".";
}

}  // namespace

std::vector<std::string> headline(const StudyRecord& study, const Summary& summary) {
  if (!summary.tested) {
    return {"The test split has not been read yet; what follows is the validation split."};
  }
  std::vector<std::string> sentences;
  for (std::size_t budget = 0; budget < study.budgets.size(); ++budget) {
    sentences.push_back(sentence(study, summary, budget));
  }
  return sentences;
}

}  // namespace tandem
