#include "curve.h"

#include <set>

#include "tandem/record/selection.h"

namespace tandem {

std::vector<CurvePoint> learning_curve(const StudyRecord& study, const std::string& cell,
                                       double rate) {
  const std::vector<const TrialRecord*> trials = trials_of(study, cell, rate);
  std::set<std::int64_t> steps;
  for (const TrialRecord* trial : trials) {
    for (const Evaluation& evaluation : trial->evaluations) {
      steps.insert(evaluation.step);
    }
  }
  std::vector<CurvePoint> curve;
  for (const std::int64_t step : steps) {
    std::vector<double> accuracies, seconds;
    for (const TrialRecord* trial : trials) {
      if (const auto accuracy = validation_after(study, *trial, step)) {
        accuracies.push_back(*accuracy);
      }
      if (const Evaluation* evaluation = evaluation_at(*trial, step)) {
        seconds.push_back(trial->labelling_s + evaluation->train_s);
      }
    }
    curve.push_back({step, estimate_mean(accuracies), estimate_mean(seconds)});
  }
  return curve;
}

}  // namespace tandem
