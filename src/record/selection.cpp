#include "tandem/record/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tandem {
namespace {

/// First evaluation whose validation accuracy is at least `goal_pct`.
const Evaluation* first_reaching(const TrialRecord& trial, double goal_pct) {
  const auto found =
      std::find_if(trial.evaluations.begin(), trial.evaluations.end(),
                   [&](const Evaluation& each) { return each.validation_top1_pct >= goal_pct; });
  return found == trial.evaluations.end() ? nullptr : &*found;
}

/// The grid in ascending order, so that "the first of equals" is the smaller rate.
std::vector<double> ascending_rates(const StudyRecord& study) {
  std::vector<double> rates = study.rates;
  std::sort(rates.begin(), rates.end());
  return rates;
}

}  // namespace

const Evaluation* evaluation_at(const std::vector<Evaluation>& evaluations, std::int64_t step) {
  const auto found = std::ranges::find(evaluations, step, &Evaluation::step);
  return found == evaluations.end() ? nullptr : &*found;
}

const Evaluation* evaluation_at(const TrialRecord& trial, std::int64_t step) {
  return evaluation_at(trial.evaluations, step);
}

std::optional<double> validation_after(const StudyRecord& study, const TrialRecord& trial,
                                       std::int64_t step) {
  const Evaluation* evaluation = evaluation_at(trial, step);
  if (evaluation != nullptr && std::isfinite(evaluation->validation_top1_pct)) {
    return evaluation->validation_top1_pct;
  }
  if (trial.outcome == "diverged") {
    return chance_pct(study);
  }
  return std::nullopt;
}

double chance_pct(const StudyRecord& study) {
  if (study.class_names.empty()) {
    throw std::invalid_argument(
        fmt::format("study \"{}\": expected class names, found none", study.name));
  }
  return 100.0 / static_cast<double>(study.class_names.size());
}

std::int64_t selected_step(const TrialRecord& trial, std::int64_t budget) {
  const Evaluation* best = nullptr;
  for (const Evaluation& each : trial.evaluations) {
    const bool counts = each.step <= budget && !std::isnan(each.validation_top1_pct);
    if (counts && (best == nullptr || each.validation_top1_pct > best->validation_top1_pct)) {
      best = &each;
    }
  }
  if (best == nullptr) {
    throw std::invalid_argument(fmt::format(
        "trial \"{}\": expected an evaluation within {} steps, found none", trial.id, budget));
  }
  return best->step;
}

std::vector<const TrialRecord*> trials_of(const StudyRecord& study, const std::string& cell,
                                          double rate) {
  std::vector<const TrialRecord*> trials;
  for (const TrialRecord& each : study.trials) {
    if (each.cell == cell && each.rate == rate) {
      trials.push_back(&each);
    }
  }
  std::stable_sort(trials.begin(), trials.end(),
                   [](const auto* left, const auto* right) { return left->seed < right->seed; });
  return trials;
}

std::optional<double> chosen_rate(const StudyRecord& study, const std::string& cell,
                                  std::int64_t budget) {
  std::optional<double> chosen;
  double best = 0;
  bool any_reached = false;
  for (const double rate : ascending_rates(study)) {
    double sum = 0;
    int count = 0;
    for (const TrialRecord* trial : trials_of(study, cell, rate)) {
      if (const auto accuracy = validation_after(study, *trial, budget)) {
        sum += *accuracy;
        ++count;
        any_reached |= evaluation_at(*trial, budget) != nullptr;
      }
    }
    if (count > 0 && (!chosen || sum / count > best)) {
      chosen = rate;
      best = sum / count;
    }
  }
  return any_reached ? chosen : std::nullopt;
}

std::optional<TimeToAccuracy> time_to_accuracy(const StudyRecord& study, const std::string& cell,
                                               double goal_pct) {
  std::optional<TimeToAccuracy> best;
  for (const double rate : ascending_rates(study)) {
    const std::vector<const TrialRecord*> trials = trials_of(study, cell, rate);
    std::vector<double> steps, seconds;
    for (const TrialRecord* trial : trials) {
      if (const Evaluation* reached = first_reaching(*trial, goal_pct)) {
        steps.push_back(static_cast<double>(reached->step));
        seconds.push_back(trial->labelling_s + reached->train_s);
      }
    }
    const auto reached = static_cast<std::int64_t>(steps.size());
    const Estimate estimate = estimate_mean(steps);
    const bool better = !best || reached > best->reached ||
                        (reached == best->reached && estimate.mean < best->steps.mean);
    if (reached > 0 && better) {
      best = {rate, reached, static_cast<std::int64_t>(trials.size()), estimate,
              estimate_mean(seconds)};
    }
  }
  return best;
}

}  // namespace tandem
