#pragma once

#include <string>

#include "tandem/learn/trial_config.h"

namespace tandem {

/// What trials of equal seeds share besides the seed, of two resolved configs: "weights, batches,
/// views", or those of the three that both draw alike. Pools go round their views, so pools of
/// different sizes share "views of visits below K" alone, K being the smaller. "seeds alone" where
/// it is nothing.
std::string pairing_text(const TrialConfig& cell, const TrialConfig& baseline);

}  // namespace tandem
