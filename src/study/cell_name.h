#pragma once

#include <string>

#include "tandem/learn/trial_config.h"

namespace tandem {

/// The name of a cell that its file leaves without one: its mapping, and what else it changes of
/// `base`.
std::string cell_name(const TrialConfig& config, const TrialConfig& base);

}  // namespace tandem
