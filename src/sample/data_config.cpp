#include "tandem/sample/data_config.h"

#include <fmt/format.h>

#include <stdexcept>

#include "degradation.h"
#include "label_noise.h"

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

}  // namespace tandem
