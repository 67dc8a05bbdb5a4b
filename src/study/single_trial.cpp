#include "tandem/study/single_trial.h"

namespace tandem {

StudyPlan plan_single_trial(const TrialConfig& config, std::int64_t steps) {
  return plan_study({.grid = {.name = "train",
                              .seeds = {config.seed},
                              .rates = {config.train.rate},
                              .budgets = {steps}},
                     .ladder = {},
                     .base = config,
                     .cells = {{.name = {}, .baseline = true, .trial = config}},
                     .text = {}});
}

}  // namespace tandem
