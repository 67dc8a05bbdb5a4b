#include "tandem/core/parameter_text.h"

namespace tandem {

NamedParameter split_parameter(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return {text, std::nullopt};
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace tandem
