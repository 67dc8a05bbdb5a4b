#pragma once

#include <string>

namespace tandem {

/// "12.3 s", or "unknown" for what is not a number.
std::string seconds_text(double seconds);

}  // namespace tandem
