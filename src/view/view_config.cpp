#include "tandem/view/view_config.h"

namespace tandem {

void ViewConfig::visit(ConfigVisitor& visitor) {
  visitor.field("policy", policy);
  visitor.field("seed", seed);
  visitor.field("pool", pool);
}

}  // namespace tandem
