#include "check_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/record/fields.h"

namespace tandem {
namespace {

constexpr std::size_t kMostBytes = 100;

bool is_control(char letter) {
  return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
}

}  // namespace

bool is_plain_name(const std::string& name) {
  return !name.empty() && kFormulaSigns.find(name.front()) == std::string_view::npos &&
         std::ranges::none_of(name, is_control);
}

void check_study_name(const std::string& name) {
  const bool is_folder = name.find_first_of("/\\") == std::string::npos && !name.starts_with('.') &&
                         !name.starts_with(' ') && name.size() <= kMostBytes;
  if (!is_plain_name(name) || !is_folder) {
    throw std::invalid_argument(fmt::format(
        "study: name = '{}': expected the name of a folder, of at most {} bytes, without '/', "
        "'\\' and control characters, that begins neither with '.' or a blank nor with '=', '+', "
        "'-' or '@'; --out puts the results elsewhere",
        name, kMostBytes));
  }
}

void check_cell_name(const std::string& name) {
  if (!is_plain_name(name)) {
    throw std::invalid_argument(fmt::format(
        "study: cell '{}': expected a name without control characters that does not begin with "
        "'=', '+', '-' or '@', since spreadsheets take such a field of a table for a formula",
        name));
  }
}

}  // namespace tandem
