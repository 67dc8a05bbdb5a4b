#include "tandem/learn/trial_config.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/target/switch_rule.h"

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
  std::int64_t& pool = config.views.pool;
  if (pool < 0) {
    throw std::invalid_argument(
        fmt::format("views.pool: expected 0 (no bound) or a number of views, got {}", pool));
  }
  for (const TargetConfig& phase : phases(config.target)) {
    if (parse_granularity(phase.granularity) == Granularity::kPool) {
      const std::int64_t views = granularity_count(phase.granularity);
      if (pool != 0 && pool != views) {
        throw std::invalid_argument(fmt::format("views.pool = {} does not go with granularity '{}'",
                                                pool, phase.granularity));
      }
      pool = views;
    }
  }
  return config;
}

std::uint64_t view_seed(const TrialConfig& config) {
  return static_cast<std::uint64_t>(config.views.seed >= 0 ? config.views.seed : config.seed);
}

}  // namespace tandem
