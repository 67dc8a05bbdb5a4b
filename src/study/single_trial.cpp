#include "tandem/study/single_trial.h"

#include <fmt/format.h>

namespace tandem {
namespace {

/// A study's file with one cell.
struct StudyFile {
  StudyConfig study;
  TrialConfig base;

  void visit(ConfigVisitor& visitor) {
    study.visit(visitor);
    visitor.section("base", base);
  }
};

}  // namespace

StudyPlan plan_single_trial(const TrialConfig& config, std::int64_t steps) {
  StudyFile file{.study = {.name = "train",
                           .seeds = {config.seed},
                           .rates = {config.train.rate},
                           .budgets = {steps}},
                 .base = config};
  return plan_study(ConfigTable::from_text(config_text(file) + "\n[[cell]]\n"));
}

}  // namespace tandem
