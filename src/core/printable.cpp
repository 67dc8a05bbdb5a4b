#include "tandem/core/printable.h"

#include <fmt/format.h>

#include <cstdint>

#include "tandem/core/utf8.h"

namespace tandem {
namespace {

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) ||  // C0, DEL and C1
         (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);  // line ends and directions of Unicode
}

}  // namespace

std::string printable(std::string_view text, LineEnds line_ends) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto [code, bytes] = first_character(text);
    const bool kept = code == '\n' && line_ends == LineEnds::kKept;
    const std::string_view piece = text.substr(0, bytes == 0 ? 1 : bytes);
    if (bytes != 0 && (kept || !is_control(code))) {
      shown += piece;
    } else {
      for (const char byte : piece) {
        shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
      }
    }
    text.remove_prefix(piece.size());
  }
  return shown;
}

}  // namespace tandem
