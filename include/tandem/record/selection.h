#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tandem/record/statistics.h"
#include "tandem/record/study_record.h"

namespace tandem {

/// The evaluation at `step`, if there is one.
const Evaluation* evaluation_at(const std::vector<Evaluation>& evaluations, std::int64_t step);

/// The evaluation of `trial` at `step`, if it got there.
const Evaluation* evaluation_at(const TrialRecord& trial, std::int64_t step);

/// Accuracy of guessing, 100 / classes. Throws std::invalid_argument for a study without classes.
double chance_pct(const StudyRecord& study);

/// Validation accuracy of `trial` at `step`; chance where it diverged before, nothing where it did
/// not get there.
std::optional<double> validation_after(const StudyRecord& study, const TrialRecord& trial,
                                       std::int64_t step);

/// Step of a trial's best validation accuracy within `budget` steps (the earliest of equals).
/// Throws std::invalid_argument where there is no evaluation to select from.
std::int64_t selected_step(const TrialRecord& trial, std::int64_t budget);

/// Trials of one cell at one rate, by seed.
std::vector<const TrialRecord*> trials_of(const StudyRecord& study, const std::string& cell,
                                          double rate);

/// The rate of the study's grid with the best mean validation accuracy over seeds after `budget`
/// steps; a trial that diverged before counts as chance, a tie goes to the smaller rate.
/// Every cell gets the same grid. Nothing where the cell has no trial that reached `budget`.
std::optional<double> chosen_rate(const StudyRecord& study, const std::string& cell,
                                  std::int64_t budget);

/// When the validation accuracy of a cell first reaches a goal, at the rate that gets there in the
/// fewest mean steps among those by which most trials got there.
struct TimeToAccuracy {
  double rate = 0;
  std::int64_t reached = 0;  ///< trials that got there at this rate, of `trials`
  std::int64_t trials = 0;
  Estimate steps;    ///< of the trials that got there
  Estimate seconds;  ///< training seconds, labelling included, teacher's training not
};
std::optional<TimeToAccuracy> time_to_accuracy(const StudyRecord& study, const std::string& cell,
                                               double goal_pct);

}  // namespace tandem
