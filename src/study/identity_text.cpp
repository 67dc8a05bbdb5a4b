#include "identity_text.h"

#include <algorithm>
#include <sstream>

namespace tandem {

std::string without_added_keys(const std::string& config_text, std::string section,
                               std::span<const std::string_view> added) {
  std::istringstream lines(config_text);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    section = line.starts_with('[') ? line : section;
    if (std::ranges::find(added, section + " " + line) == added.end()) {
      kept += line + "\n";
    }
  }
  return kept;
}

}  // namespace tandem
