#include "tandem/report/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <initializer_list>
#include <limits>

#include "tandem/report/summary.h"

namespace tandem {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();  ///< an empty field

/// One value of a row, already written as text.
struct Field {
  Field(std::string_view value) : text(csv_field(value)) {}
  Field(const std::string& value) : text(csv_field(value)) {}
  Field(const char* value) : text(csv_field(value)) {}
  Field(double value) : text(std::isfinite(value) ? fmt::format("{}", value) : "") {}
  template <std::integral Integer>
  Field(Integer value) : text(std::to_string(value)) {}

  std::string text;
};

void add_row(std::string& csv, std::initializer_list<Field> fields) {
  const char* separator = "";
  for (const Field& field : fields) {
    csv += separator;
    csv += field.text;
    separator = ",";
  }
  csv += '\n';
}

/// Which of its mappings a trial learnt from when it came to `step`; the first is 0.
std::int64_t phase_before(const TrialRecord& trial, std::int64_t step) {
  return std::count_if(trial.switches.begin(), trial.switches.end(),
                       [&](const SwitchRecord& change) { return change.step < step; });
}

class SummaryRows {
 public:
  SummaryRows(std::string& csv, const StudyRecord& study, const CellSummary& cell)
      : csv_(csv), study_(study), cell_(cell) {}

  void add(const char* measure, Field at, double rate, const Estimate& estimate,
           std::int64_t trials, std::int64_t diverged) {
    const CellRecord& cell = cell_.cell;
    add_row(csv_, {study_.name, cell.name, cell.granularity, cell.content, cell.fusion,
                   cell.teacher, cell.baseline ? "yes" : "no", measure, at, rate, estimate.mean,
                   estimate.half_width, estimate.n, trials, diverged});
  }

 private:
  std::string& csv_;
  const StudyRecord& study_;
  const CellSummary& cell_;
};

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted.append(letter == '"' ? 2 : 1, letter);
  }
  return quoted + '"';
}

std::string evaluations_csv(const StudyRecord& study) {
  std::string csv =
      "study,trial,cell,granularity,content,fusion,teacher,rate,seed,outcome,step,samples,epochs,"
      "train_s,teacher_s,labelling_s,train_loss,validation_loss,validation_top1_pct,phase\n";
  for (const TrialRecord& trial : study.trials) {
    const CellRecord& cell = cell_named(study, trial.cell);
    for (const Evaluation& each : trial.evaluations) {
      add_row(csv, {study.name,
                    trial.id,
                    cell.name,
                    cell.granularity,
                    cell.content,
                    cell.fusion,
                    cell.teacher,
                    trial.rate,
                    trial.seed,
                    trial.outcome,
                    each.step,
                    each.step * study.batch_size,
                    each.epochs,
                    each.train_s,
                    each.teacher_s,
                    trial.labelling_s,
                    each.train_loss,
                    each.validation_loss,
                    each.validation_top1_pct,
                    phase_before(trial, each.step)});
    }
  }
  return csv;
}

std::string tests_csv(const StudyRecord& study) {
  std::string csv =
      "study,trial,cell,granularity,content,fusion,teacher,rate,seed,outcome,step,test_loss,"
      "test_top1_pct\n";
  for (const TrialRecord& trial : study.trials) {
    const CellRecord& cell = cell_named(study, trial.cell);
    for (const TestResult& each : trial.tests) {
      add_row(csv, {study.name, trial.id, cell.name, cell.granularity, cell.content, cell.fusion,
                    cell.teacher, trial.rate, trial.seed, trial.outcome, each.step, each.loss,
                    each.top1_pct});
    }
  }
  return csv;
}

std::string summary_csv(const StudyRecord& study) {
  std::string csv =
      "study,cell,granularity,content,fusion,teacher,baseline,measure,at,rate,mean,half_width_95,n,"
      "trials,diverged\n";
  for (const CellSummary& cell : summarise(study).cells) {
    SummaryRows rows(csv, study, cell);
    for (const BudgetSummary& at : cell.budgets) {
      const auto add = [&](const char* measure, const Estimate& estimate) {
        rows.add(measure, at.budget, at.rate.value_or(kNothing), estimate, at.trials, at.diverged);
      };
      add("validation_top1_pct", at.validation);
      add("test_top1_pct_last_step", at.test_last);
      add("test_top1_pct_selected_step", at.test_selected);
      add("test_difference_to_baseline_points", at.difference);
    }
    for (const auto& [goal, time] : cell.goals) {
      const TimeToAccuracy never{kNothing, 0, 0, estimate_mean({}), estimate_mean({})};
      const TimeToAccuracy& to = time ? *time : never;
      rows.add("steps_to_accuracy", goal, to.rate, to.steps, to.trials, 0);
      rows.add("seconds_to_accuracy", goal, to.rate, to.seconds, to.trials, 0);
    }
    if (!cell.budgets.empty()) {
      const BudgetSummary& last = cell.budgets.back();
      const auto add = [&](const char* measure, const Estimate& estimate) {
        rows.add(measure, last.budget, last.rate.value_or(kNothing), estimate, last.trials,
                 last.diverged);
      };
      add("labelling_s", cell.cost.labelling_s);
      add("teacher_inference_s", cell.cost.inference_s);
      add("training_s", cell.cost.run_s);
    }
  }
  return csv;
}

}  // namespace tandem
