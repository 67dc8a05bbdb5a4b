#include "tandem/report/csv.h"

#include <algorithm>
#include <limits>

#include "csv_row.h"
#include "tandem/report/summary.h"

namespace tandem {
namespace {

using report::CsvRow;

constexpr auto kNowhere = std::string_view::npos;
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();  ///< an empty field

/// Which of its mappings a trial learnt from when it came to `step`; the first is 0.
std::int64_t phase_before(const TrialRecord& trial, std::int64_t step) {
  return std::count_if(trial.switches.begin(), trial.switches.end(),
                       [&](const SwitchRecord& change) { return change.step < step; });
}

/// What every row of a trial begins with.
CsvRow trial_row(const StudyRecord& study, const CellRecord& cell, const TrialRecord& trial) {
  CsvRow row;
  row.add("study", study.name, "name of the study");
  row.add_fields(cell, {{"name", "cell"}});
  row.add_fields(trial, {{"id", "trial"}, {"cell", ""}});
  return row;
}

CsvRow evaluation_row(const StudyRecord& study, const CellRecord& cell, const TrialRecord& trial,
                      const Evaluation& evaluation) {
  CsvRow row = trial_row(study, cell, trial);
  row.add_fields(evaluation);
  row.add("samples", static_cast<double>(evaluation.step) * cell.batch_size,
          "samples seen so far, repeats counted");
  row.add("phase", phase_before(trial, evaluation.step),
          "which of its mappings was in force; the first is 0");
  return row;
}

CsvRow test_row(const StudyRecord& study, const CellRecord& cell, const TrialRecord& trial,
                const TestResult& test) {
  CsvRow row = trial_row(study, cell, trial);
  row.add_fields(test, {{"loss", "test_loss"}, {"top1_pct", "test_top1_pct"}});
  return row;
}

/// A measure of a cell, over seeds.
struct Measure {
  const char* name = "";
  double at = kNothing;
  double rate = kNothing;
  Estimate estimate = estimate_mean({});
  std::int64_t trials = 0;
  std::int64_t diverged = 0;
  double p = kNothing;
  double p_holm = kNothing;
};

CsvRow summary_row(const StudyRecord& study, const CellRecord& cell, const Measure& measure) {
  CsvRow row;
  row.add("study", study.name, "name of the study");
  row.add_fields(cell, {{"name", "cell"}});
  row.add("measure", std::string(measure.name), "what was measured, with its unit");
  row.add("at", measure.at, "budget in steps, or goal in percent");
  row.add("rate", measure.rate, "peak learning rate chosen there");
  row.add("mean", measure.estimate.mean, "over seeds");
  row.add("half_width_95", measure.estimate.half_width, "of the 95 % Student t interval");
  row.add("n", measure.estimate.n, "values behind the mean");
  row.add("trials", measure.trials, "trials of the cell at that rate");
  row.add("diverged", measure.diverged, "of these, those that diverged before");
  row.add("p", measure.p, "of a difference: two-sided paired t test against none");
  row.add("p_holm", measure.p_holm, "the same, corrected by Holm for all comparisons of the study");
  return row;
}

CsvRow teacher_row(const StudyRecord& study, const TeacherRecord& teacher) {
  CsvRow row;
  row.add("study", study.name, "name of the study");
  row.add_fields(teacher, {{"name", "teacher"}});
  return row;
}

/// Of the teacher's training there is one measurement at most.
Estimate once(double seconds) {
  const double values[] = {seconds};
  return estimate_mean(values);
}

std::vector<Measure> measures_of(const CellSummary& cell) {
  std::vector<Measure> measures;
  for (const BudgetSummary& at : cell.budgets) {
    const auto add = [&](const char* name, const Estimate& estimate) {
      measures.push_back({name, static_cast<double>(at.budget), at.rate.value_or(kNothing),
                          estimate, at.trials, at.diverged});
    };
    add("validation_top1_pct", at.validation);
    add("test_top1_pct_last_step", at.test_last);
    add("test_top1_pct_selected_step", at.test_selected);
    add("test_difference_to_baseline_points", at.difference);
    measures.back().p = at.p;
    measures.back().p_holm = at.p_holm;
  }
  for (const auto& [goal, time] : cell.goals) {
    const TimeToAccuracy never{kNothing, 0, 0, estimate_mean({}), estimate_mean({})};
    const TimeToAccuracy& to = time ? *time : never;
    measures.push_back({"steps_to_accuracy", goal, to.rate, to.steps, to.trials, 0});
    measures.push_back({"seconds_to_accuracy", goal, to.rate, to.seconds, to.trials, 0});
  }
  if (!cell.budgets.empty()) {
    const BudgetSummary& last = cell.budgets.back();
    const auto add = [&](const char* name, const Estimate& estimate) {
      measures.push_back({name, static_cast<double>(last.budget), last.rate.value_or(kNothing),
                          estimate, last.trials, last.diverged});
    };
    add("teacher_training_s", once(cell.cost.training_s));
    add("labelling_s", cell.cost.labelling_s);
    add("teacher_inference_s", cell.cost.inference_s);
    add("training_s", cell.cost.run_s);
  }
  return measures;
}

}  // namespace

std::string csv_field(std::string_view text) {
  const bool is_formula = !text.empty() && kFormulaSigns.find(text.front()) != kNowhere;
  const std::string guard = is_formula ? "'" : "";
  if (text.find_first_of(",\"\r\n") == kNowhere) {
    return guard + std::string(text);
  }
  std::string quoted = "\"" + guard;
  for (const char letter : text) {
    quoted.append(letter == '"' ? 2 : 1, letter);
  }
  return quoted + '"';
}

std::string evaluations_csv(const StudyRecord& study) {
  std::string csv = evaluation_row({}, {}, {}, {}).header();
  for (const TrialRecord& trial : study.trials) {
    const CellRecord& cell = cell_named(study, trial.cell);
    for (const Evaluation& evaluation : trial.evaluations) {
      csv += evaluation_row(study, cell, trial, evaluation).line();
    }
  }
  return csv;
}

std::string tests_csv(const StudyRecord& study) {
  std::string csv = test_row({}, {}, {}, {}).header();
  for (const TrialRecord& trial : study.trials) {
    const CellRecord& cell = cell_named(study, trial.cell);
    for (const TestResult& test : trial.tests) {
      csv += test_row(study, cell, trial, test).line();
    }
  }
  return csv;
}

std::string summary_csv(const StudyRecord& study) {
  std::string csv = summary_row({}, {}, {}).header();
  for (const CellSummary& cell : summarise(study).cells) {
    for (const Measure& measure : measures_of(cell)) {
      csv += summary_row(study, cell.cell, measure).line();
    }
  }
  return csv;
}

std::string teachers_csv(const StudyRecord& study) {
  std::string csv = teacher_row({}, {}).header();
  for (const TeacherRecord& teacher : study.teachers) {
    csv += teacher_row(study, teacher).line();
  }
  return csv;
}

std::vector<CsvTable> csv_tables() {
  return {{"evaluations.csv", "each look at the validation split",
           evaluation_row({}, {}, {}, {}).columns()},
          {"tests.csv", "each reading of the test split", test_row({}, {}, {}, {}).columns()},
          {"summary.csv", "each measure of a cell at a budget or a goal",
           summary_row({}, {}, {}).columns()},
          {"teachers.csv", "each rung of the ladder of teachers", teacher_row({}, {}).columns()}};
}

}  // namespace tandem
