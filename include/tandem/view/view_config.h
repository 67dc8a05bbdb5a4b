#pragma once

#include <cstdint>
#include <string>

#include "tandem/core/config.h"

namespace tandem {

/// How students (and teachers) see the samples.
struct ViewConfig {
  std::string policy = "pad-crop:2,flip";
  std::int64_t seed = -1;  ///< of the views; -1 means the trial's own seed
  std::int64_t pool = 0;   ///< views per sample that exist; visits go round them; 0: no bound

  void visit(ConfigVisitor& visitor);
};

}  // namespace tandem
