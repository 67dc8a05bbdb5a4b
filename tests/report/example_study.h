#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tandem/record/study_record.h"

namespace tandem::testing {

/// A trial whose accuracies are given at steps; test accuracy is one point below validation.
inline TrialRecord example_trial(const std::string& cell, double rate, std::uint64_t seed,
                                 const std::vector<std::pair<std::int64_t, double>>& accuracy_at) {
  TrialRecord trial;
  trial.id = cell + " " + std::to_string(rate) + " " + std::to_string(seed);
  trial.cell = cell;
  trial.rate = rate;
  trial.seed = seed;
  trial.outcome = "finished";
  for (const auto& [step, accuracy] : accuracy_at) {
    const double seconds = 0.5 * static_cast<double>(step);
    trial.evaluations.push_back({step, 0.25, seconds, 0.1 * seconds, 1.5, 1.25, accuracy});
    if (step > 0) {
      trial.tests.push_back({step, 1.0, accuracy - 1});
    }
  }
  return trial;
}

/// Two cells, two rates, two seeds, budgets 10 and 20, four classes. "soft" at rate 0.1 is best at
/// both budgets, "hard" at rate 0.2.
inline StudyRecord example_study() {
  StudyRecord study;
  study.name = "example";
  study.title = "An example";
  study.dataset = "made by hand";
  study.student = "none";
  study.class_names = {"a", "b", "c", "d"};
  study.train.size = 1000;
  study.batch_size = 32;
  study.budgets = {10, 20};
  study.goals_pct = {60, 99};
  study.rates = {0.1, 0.2};
  study.seeds = {0, 1};
  study.cells = {{"hard", "class", "one-hot", "", "", true},
                 {"soft", "sample", "probs", "canonical", "strong", false}};
  for (CellRecord& cell : study.cells) {
    cell.batch_size = 32;
    cell.paired_in = "weights, batches, views";
  }
  study.teachers = {{"strong", 500, 42, 91, "resnet8", "ab"}};
  study.trials = {example_trial("hard", 0.1, 0, {{0, 25}, {10, 40}, {20, 50}}),
                  example_trial("hard", 0.1, 1, {{0, 25}, {10, 42}, {20, 52}}),
                  example_trial("hard", 0.2, 0, {{0, 25}, {10, 50}, {20, 60}}),
                  example_trial("hard", 0.2, 1, {{0, 25}, {10, 52}, {20, 66}}),
                  example_trial("soft", 0.1, 0, {{0, 25}, {10, 72}, {20, 70}}),
                  example_trial("soft", 0.1, 1, {{0, 25}, {10, 70}, {20, 80}}),
                  example_trial("soft", 0.2, 0, {{0, 25}, {10, 30}, {20, 31}}),
                  example_trial("soft", 0.2, 1, {{0, 25}, {10, 30}, {20, 31}})};
  for (TrialRecord& trial : study.trials) {
    trial.labelling_s = trial.cell == "soft" ? 7 : 0;
  }
  return study;
}

/// The example with seed 1 of "soft" at its best rate diverging after step 10.
inline StudyRecord example_with_divergence() {
  StudyRecord study = example_study();
  TrialRecord& trial = study.trials[5];
  trial.outcome = "diverged";
  trial.evaluations.back().validation_top1_pct = std::numeric_limits<double>::quiet_NaN();
  trial.evaluations.back().train_loss = std::numeric_limits<double>::infinity();
  trial.tests.pop_back();
  return study;
}

}  // namespace tandem::testing
