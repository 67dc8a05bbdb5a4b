#include "tandem/study/single_trial.h"

namespace tandem {

StudyPlan plan_single_trial(const TrialConfig& config, std::int64_t steps) {
  return plan_study(
      {.name = "train", .seeds = {config.seed}, .rates = {config.train.rate}, .budgets = {steps}},
      config, "[[cell]]\n");
}

}  // namespace tandem
