#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "tandem/record/selection.h"
#include "tandem/record/statistics.h"
#include "tandem/record/study_record.h"

namespace tandem {

/// One cell at one budget, at the rate chosen for it. Accuracies are top-1 in percent, estimated
/// over seeds; a trial that diverged before the budget counts as chance.
struct BudgetSummary {
  std::int64_t budget = 0;
  std::optional<double> rate;  ///< nothing where no trial reached the budget
  std::int64_t trials = 0;     ///< of this cell at this rate
  std::int64_t diverged = 0;   ///< of these, those that diverged before the budget
  Estimate validation;         ///< at the budget's last step
  Estimate test_last;          ///< at the budget's last step
  Estimate test_selected;      ///< at the step with the best validation accuracy within the budget
  Estimate difference;         ///< test_last minus the baseline's, paired by seed, in points
  double p = std::numeric_limits<double>::quiet_NaN();  ///< of no difference, see p_of_zero
  double p_holm = p;  ///< corrected for all comparisons of the study

  /// Whether the difference may be called one: at most 5 % of studies without any call one.
  bool is_clear() const { return p_holm <= 0.05; }

  /// What tables show: of the test split once it was read.
  const Estimate& shown(bool tested) const { return tested ? test_last : validation; }
};

/// How soon a cell reaches one validation accuracy; nothing where no trial does.
struct GoalSummary {
  double goal_pct = 0;
  std::optional<TimeToAccuracy> time;
};

/// Seconds that a cell's targets cost: once for the teacher, once for a labelled data set, and
/// along with every run (measured at the last budget, at the rate chosen for it).
struct TeacherCost {
  double training_s = 0;  ///< NaN where it is not known (a teacher from elsewhere)
  Estimate labelling_s;   ///< NaN mean where it is not known (a store without a record of it)
  Estimate inference_s;   ///< the teacher's share of `run_s`
  Estimate run_s;         ///< training seconds of the student, inference included
};

struct CellSummary {
  CellRecord cell;
  std::vector<BudgetSummary> budgets;  ///< in the order of the study's budgets
  std::vector<GoalSummary> goals;      ///< in the order of the study's goals
  TeacherCost cost;
  std::int64_t trials = 0;    ///< over all rates
  std::int64_t diverged = 0;  ///< of these
};

struct Summary {
  std::vector<CellSummary> cells;  ///< in the order of the study's cells
  bool tested = false;             ///< whether the test split has been read at all
  std::int64_t comparisons = 0;    ///< differences that were tested against no difference
};

/// How many seeds are behind accuracies, from the fewest to the most.
struct SeedCounts {
  std::int64_t fewest = 0;
  std::int64_t most = 0;
};

/// Behind what tables show of a cell at the study's budgets, and of all cells.
SeedCounts seed_counts(const CellSummary& cell, bool tested);
SeedCounts seed_counts(const Summary& summary);

/// The numbers behind every table. Throws std::invalid_argument where a trial or a cell names
/// something that the study does not have.
Summary summarise(const StudyRecord& study);

/// Test accuracy of `left` minus that of `right` after `budget` steps, each at its own chosen rate,
/// paired by seed. What equal seeds share stands in CellRecord::paired_in.
Estimate paired_difference(const StudyRecord& study, const std::string& left,
                           const std::string& right, std::int64_t budget);

/// The cell that others are compared with; null where the study names none.
const CellRecord* baseline_of(const StudyRecord& study);

/// Throws std::invalid_argument where the study has no cell of that name.
const CellRecord& cell_named(const StudyRecord& study, const std::string& name);

}  // namespace tandem
