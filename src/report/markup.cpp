#include "markup.h"

namespace tandem {

std::string escape_markup(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char letter : text) {
    switch (letter) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default: {
        const auto code = static_cast<unsigned char>(letter);
        const bool is_control = (code < 0x20 && letter != '\t' && letter != '\n') || code == 0x7F;
        safe += is_control ? "\xEF\xBF\xBD" : std::string(1, letter);
      }
    }
  }
  return safe;
}

}  // namespace tandem
