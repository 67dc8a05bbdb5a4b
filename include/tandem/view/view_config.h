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

/// Seed of the views of a training of seed `seed`: the one that `config` names, else that one.
std::uint64_t view_seed(const ViewConfig& config, std::int64_t seed);

}  // namespace tandem
