#include "tandem/report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

namespace tandem {
namespace {

using ValueOfSeed = std::map<std::uint64_t, double>;

bool is_tested(const StudyRecord& study) {
  return std::any_of(study.trials.begin(), study.trials.end(),
                     [](const TrialRecord& trial) { return !trial.tests.empty(); });
}

bool diverged_before(const TrialRecord& trial, std::int64_t budget) {
  const Evaluation* evaluation = evaluation_at(trial, budget);
  const bool got_there = evaluation != nullptr && std::isfinite(evaluation->validation_top1_pct);
  return trial.outcome == "diverged" && !got_there;
}

std::optional<double> test_at(const TrialRecord& trial, std::int64_t step) {
  for (const TestResult& test : trial.tests) {
    if (test.step == step && std::isfinite(test.top1_pct)) {
      return test.top1_pct;
    }
  }
  return std::nullopt;
}

bool has_evaluation_within(const TrialRecord& trial, std::int64_t budget) {
  return std::any_of(trial.evaluations.begin(), trial.evaluations.end(), [&](const auto& each) {
    return each.step <= budget && !std::isnan(each.validation_top1_pct);
  });
}

/// Accuracies by seed of the trials at `rate`, as `measure` finds them; chance for those that
/// diverged before the budget, so that divergence costs a cell what it is worth.
template <typename Measure>
ValueOfSeed tests_by_seed(const StudyRecord& study, const std::string& cell, double rate,
                          std::int64_t budget, const Measure& measure) {
  ValueOfSeed values;
  const bool tested = is_tested(study);
  for (const TrialRecord* trial : trials_of(study, cell, rate)) {
    if (const std::optional<double> value = measure(*trial)) {
      values[trial->seed] = *value;
    } else if (tested && diverged_before(*trial, budget)) {
      values[trial->seed] = chance_pct(study);
    }
  }
  return values;
}

ValueOfSeed last_step_tests(const StudyRecord& study, const std::string& cell, double rate,
                            std::int64_t budget) {
  return tests_by_seed(study, cell, rate, budget,
                       [&](const TrialRecord& trial) { return test_at(trial, budget); });
}

ValueOfSeed selected_step_tests(const StudyRecord& study, const std::string& cell, double rate,
                                std::int64_t budget) {
  return tests_by_seed(
      study, cell, rate, budget, [&](const TrialRecord& trial) -> std::optional<double> {
        if (diverged_before(trial, budget) || !has_evaluation_within(trial, budget)) {
          return std::nullopt;
        }
        return test_at(trial, selected_step(trial, budget));
      });
}

Estimate estimate(const ValueOfSeed& values) {
  std::vector<double> plain;
  for (const auto& [seed, value] : values) {
    plain.push_back(value);
  }
  return estimate_mean(plain);
}

BudgetSummary summarise_budget(const StudyRecord& study, const CellRecord& cell,
                               std::int64_t budget) {
  BudgetSummary summary;
  summary.budget = budget;
  summary.rate = chosen_rate(study, cell.name, budget);
  summary.validation = summary.test_last = summary.test_selected = summary.difference =
      estimate_mean({});
  if (!summary.rate) {
    return summary;
  }
  std::vector<double> validation;
  for (const TrialRecord* trial : trials_of(study, cell.name, *summary.rate)) {
    ++summary.trials;
    summary.diverged += diverged_before(*trial, budget) ? 1 : 0;
    if (const auto accuracy = validation_after(study, *trial, budget)) {
      validation.push_back(*accuracy);
    }
  }
  summary.validation = estimate_mean(validation);
  summary.test_last = estimate(last_step_tests(study, cell.name, *summary.rate, budget));
  summary.test_selected = estimate(selected_step_tests(study, cell.name, *summary.rate, budget));
  const CellRecord* baseline = baseline_of(study);
  if (baseline != nullptr && baseline->name != cell.name) {
    summary.difference = paired_difference(study, cell.name, baseline->name, budget);
    summary.p = p_of_zero(summary.difference);
  }
  return summary;
}

const TeacherRecord* rung_of(const StudyRecord& study, const std::string& teacher) {
  const auto found = std::ranges::find_if(study.teachers, [&](const TeacherRecord& rung) {
    return rung.name == teacher || (!teacher.empty() && rung.fingerprint == teacher);
  });
  return found == study.teachers.end() ? nullptr : &*found;
}

/// The ladder is one run: its furthest rung has cost what the others have, and more. NaN where one
/// of the cell's teachers is not of the ladder, since nothing says what that has cost.
double training_seconds(const StudyRecord& study, const CellRecord& cell) {
  if (!cell.has_teacher()) {
    return 0;
  }
  std::vector<std::string> teachers = cell.teachers;
  if (teachers.empty()) {  // a record of an older version
    teachers = cell.later_teachers;
    teachers.push_back(cell.teacher);
  }
  double seconds = 0;
  for (const std::string& teacher : teachers) {
    const TeacherRecord* rung = rung_of(study, teacher);
    if (rung == nullptr || std::isnan(rung->train_s)) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    seconds = std::max(seconds, rung->train_s);
  }
  return seconds;
}

TeacherCost summarise_cost(const StudyRecord& study, const CellRecord& cell) {
  TeacherCost cost;
  cost.training_s = training_seconds(study, cell);
  std::vector<double> labelling, inference, run;
  const std::int64_t budget = study.budgets.empty() ? 0 : study.budgets.back();
  if (const auto rate = chosen_rate(study, cell.name, budget)) {
    for (const TrialRecord* trial : trials_of(study, cell.name, *rate)) {
      labelling.push_back(trial->labelling_s);
      if (const Evaluation* last = evaluation_at(*trial, budget)) {
        inference.push_back(last->teacher_s);
        run.push_back(last->train_s);
      }
    }
  }
  cost.labelling_s = estimate_mean(labelling);
  cost.inference_s = estimate_mean(inference);
  cost.run_s = estimate_mean(run);
  return cost;
}

/// All comparisons of a study are one family.
void correct_for_their_number(Summary& summary) {
  std::vector<double> p;
  for (const CellSummary& cell : summary.cells) {
    for (const BudgetSummary& at : cell.budgets) {
      p.push_back(at.p);
    }
  }
  auto corrected = holm(p);
  auto next = corrected.begin();
  for (CellSummary& cell : summary.cells) {
    for (BudgetSummary& at : cell.budgets) {
      at.p_holm = *next++;
      summary.comparisons += std::isnan(at.p) ? 0 : 1;
    }
  }
}

SeedCounts spanning(SeedCounts a, SeedCounts b) {
  return {std::min(a.fewest, b.fewest), std::max(a.most, b.most)};
}

}  // namespace

SeedCounts seed_counts(const CellSummary& cell, bool tested) {
  std::optional<SeedCounts> counts;
  for (const BudgetSummary& at : cell.budgets) {
    const std::int64_t n = at.shown(tested).n;
    counts = counts ? spanning(*counts, {n, n}) : SeedCounts{n, n};
  }
  return counts.value_or(SeedCounts{});
}

SeedCounts seed_counts(const Summary& summary) {
  std::optional<SeedCounts> counts;
  for (const CellSummary& cell : summary.cells) {
    const SeedCounts own = seed_counts(cell, summary.tested);
    counts = counts ? spanning(*counts, own) : own;
  }
  return counts.value_or(SeedCounts{});
}

const CellRecord* baseline_of(const StudyRecord& study) {
  const auto found = std::find_if(study.cells.begin(), study.cells.end(),
                                  [](const CellRecord& cell) { return cell.baseline; });
  return found == study.cells.end() ? nullptr : &*found;
}

const CellRecord& cell_named(const StudyRecord& study, const std::string& name) {
  const auto found = std::find_if(study.cells.begin(), study.cells.end(),
                                  [&](const CellRecord& cell) { return cell.name == name; });
  if (found == study.cells.end()) {
    throw std::invalid_argument(
        fmt::format("study \"{}\": there is no cell named \"{}\"", study.name, name));
  }
  return *found;
}

Estimate paired_difference(const StudyRecord& study, const std::string& left,
                           const std::string& right, std::int64_t budget) {
  const auto left_rate = chosen_rate(study, left, budget);
  const auto right_rate = chosen_rate(study, right, budget);
  std::vector<double> differences;
  if (left_rate && right_rate) {
    const ValueOfSeed right_values = last_step_tests(study, right, *right_rate, budget);
    for (const auto& [seed, value] : last_step_tests(study, left, *left_rate, budget)) {
      if (const auto match = right_values.find(seed); match != right_values.end()) {
        differences.push_back(value - match->second);
      }
    }
  }
  return estimate_mean(differences);
}

Summary summarise(const StudyRecord& study) {
  Summary summary;
  summary.tested = is_tested(study);
  for (const CellRecord& cell : study.cells) {
    CellSummary row;
    row.cell = cell;
    for (const std::int64_t budget : study.budgets) {
      row.budgets.push_back(summarise_budget(study, cell, budget));
    }
    for (const double goal : study.goals_pct) {
      row.goals.push_back({goal, time_to_accuracy(study, cell.name, goal)});
    }
    row.cost = summarise_cost(study, cell);
    summary.cells.push_back(std::move(row));
  }
  for (const TrialRecord& trial : study.trials) {
    const CellRecord& cell = cell_named(study, trial.cell);
    CellSummary& row = summary.cells[static_cast<std::size_t>(&cell - study.cells.data())];
    ++row.trials;
    row.diverged += trial.outcome == "diverged" ? 1 : 0;
  }
  correct_for_their_number(summary);
  return summary;
}

}  // namespace tandem
