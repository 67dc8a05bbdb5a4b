#include "tandem/learn/trial_config.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {

void TrialConfig::visit(ConfigVisitor& visitor) {
  visitor.field("seed", seed);
  visitor.section("data", data);
  visitor.section("views", views);
  visitor.section("model", model);
  visitor.section("target", target);
  visitor.section("loss", loss);
  visitor.section("train", train);
}

TrialConfig resolve(TrialConfig config) {
  check(config.data);
  config.target = resolve(config.target);
  config.views.policy = ViewPolicy::parse(config.views.policy).text();
  std::int64_t& pool = config.views.pool;
  if (pool < 0) {
    throw std::invalid_argument(
        fmt::format("views.pool: expected 0 (no bound) or a number of views, got {}", pool));
  }
  for (const PlannedMapping& planned : plan_mappings(config.target)) {
    const Granularity& granularity = planned.spec.granularity;
    if (const std::int64_t views = granularity.pool(); views > 0) {
      if (pool != 0 && pool != views) {
        throw std::invalid_argument(fmt::format("views.pool = {} does not go with granularity '{}'",
                                                pool, granularity.text()));
      }
      pool = views;
    }
  }
  return config;
}

TrainingSetup training_of(const TrialConfig& trial) {
  return {.seed = trial.seed,
          .views = trial.views,
          .model = trial.model,
          .loss = trial.loss,
          .train = trial.train};
}

TargetForm target_form(const MappingPlan& mappings, std::int64_t width) {
  TargetForm form{.contents = {}, .width = width};
  for (const PlannedMapping& planned : mappings) {
    form.contents.push_back(planned.spec.content);
  }
  return form;
}

}  // namespace tandem
