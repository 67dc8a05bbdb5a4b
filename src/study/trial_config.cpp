#include "tandem/study/trial_config.h"

namespace tandem {

void DataConfig::visit(ConfigVisitor& visitor) {
  visitor.field("name", name);
  visitor.field("folder", folder);
  visitor.field("validation", validation);
  visitor.field("train", train);
  visitor.field("seed", seed);
}

void ViewConfig::visit(ConfigVisitor& visitor) {
  visitor.field("policy", policy);
  visitor.field("seed", seed);
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

std::uint64_t view_seed(const TrialConfig& config) {
  return static_cast<std::uint64_t>(config.views.seed >= 0 ? config.views.seed : config.seed);
}

}  // namespace tandem
