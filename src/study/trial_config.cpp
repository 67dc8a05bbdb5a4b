#include "tandem/study/trial_config.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/data/degradation.h"
#include "tandem/data/label_noise.h"
#include "tandem/target/switch_rule.h"

namespace tandem {

void DataConfig::visit(ConfigVisitor& visitor) {
  visitor.field("name", name);
  visitor.field("folder", folder);
  visitor.field("validation", validation);
  visitor.field("train", train);
  visitor.field("fraction", fraction);
  visitor.field("per_class", per_class);
  visitor.field("choose", choose);
  visitor.field("scores", scores);
  visitor.field("label_noise", label_noise);
  visitor.field("noise", noise);
  visitor.field("degrade", degrade);
  visitor.field("samples", samples);
  visitor.field("seed", seed);
  visitor.field("size", size);
  visitor.field("skip_bad", skip_bad);
}

bool has_subset(const DataConfig& config) {
  return config.train != 0 || config.fraction != 0 || config.per_class != 0;
}

void check(const DataConfig& config) {
  const auto require = [](bool holds, const std::string& message) {
    if (!holds) {
      throw std::invalid_argument("data." + message);
    }
  };
  require(config.train >= 0,
          fmt::format("train: expected 0 (all) or a number of samples, got {}", config.train));
  require(config.fraction >= 0 && config.fraction <= 1,
          fmt::format("fraction: expected a share in 0..1 (0: all), got {}", config.fraction));
  require(config.per_class >= 0,
          fmt::format("per_class: expected 0 (all) or a number of samples of each class, got {}",
                      config.per_class));
  require((config.train != 0) + (config.fraction != 0) + (config.per_class != 0) <= 1,
          fmt::format("train = {}, data.fraction = {} and data.per_class = {}: give one of them "
                      "and leave the others 0",
                      config.train, config.fraction, config.per_class));
  if (config.choose != "random") {
    require(config.choose == "hardest" || config.choose == "easiest" || config.choose == "typical",
            fmt::format("choose: expected random, hardest, easiest or typical, got '{}'",
                        config.choose));
    require(has_subset(config),
            fmt::format("choose = '{}' needs to know how many: data.train, data.fraction or "
                        "data.per_class",
                        config.choose));
    require(
        !config.scores.empty(),
        fmt::format("choose = '{}' needs data.scores, a file of `tandem score`", config.choose));
  }
  require(config.label_noise >= 0 && config.label_noise <= 1,
          fmt::format("label_noise: expected a share in 0..1, got {}", config.label_noise));
  parse_label_noise(config.noise);
  Degradation::parse(config.degrade);
}

void ViewConfig::visit(ConfigVisitor& visitor) {
  visitor.field("policy", policy);
  visitor.field("seed", seed);
  visitor.field("pool", pool);
}

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
