#pragma once

#include <string>

#include "tandem/learn/trial_config.h"

namespace tandem {

/// The name of a cell that its file leaves without one: its first mapping, the rules by which it
/// changes, and what else it changes of `base`.
std::string cell_name(const MappingSpec& mapping, const TrialConfig& config,
                      const TrialConfig& base);

}  // namespace tandem
