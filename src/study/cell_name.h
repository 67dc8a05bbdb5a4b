#pragma once

#include <string>
#include <string_view>

#include "tandem/learn/trial_config.h"

namespace tandem {

/// The name of a cell that its file leaves without one: its mapping, and what else it changes of
/// `base`.
std::string cell_name(const TrialConfig& config, const TrialConfig& base);

/// Lower-case letters, digits and dots; everything else becomes one dash. Short enough for the name
/// of a folder, however many switches a cell's name tells of.
std::string slug(std::string_view text);

}  // namespace tandem
