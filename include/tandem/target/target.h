#pragma once

#include <torch/types.h>

#include "tandem/target/content.h"

namespace tandem {

/// Targets of one batch, row by row with it.
struct Target {
  Content content = Content::kOneHot;
  torch::Tensor values;    ///< fp32 [b, width]
  double temperature = 1;  ///< at which `probs` were taken
};

}  // namespace tandem
