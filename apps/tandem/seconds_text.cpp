#include "seconds_text.h"

#include <fmt/format.h>

#include <cmath>

namespace tandem {

std::string seconds_text(double seconds) {
  return std::isfinite(seconds) ? fmt::format("{:.1f} s", seconds) : "unknown";
}

}  // namespace tandem
