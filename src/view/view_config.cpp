#include "tandem/view/view_config.h"

namespace tandem {

void ViewConfig::visit(ConfigVisitor& visitor) {
  visitor.field("policy", policy);
  visitor.field("seed", seed);
  visitor.field("pool", pool);
}

std::uint64_t view_seed(const ViewConfig& config, std::int64_t seed) {
  return static_cast<std::uint64_t>(config.seed >= 0 ? config.seed : seed);
}

}  // namespace tandem
