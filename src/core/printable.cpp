#include "tandem/core/printable.h"

#include <fmt/format.h>

#include <cstdint>

namespace tandem {
namespace {

/// A character of UTF-8 at the beginning of a text.
struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  ///< 0: what begins the text is no UTF-8
};

Character first_character(std::string_view text) {
  const auto byte = [&text](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned lead = byte(0);
  const std::size_t size = lead < 0x80             ? 1
                           : (lead & 0xe0) == 0xc0 ? 2
                           : (lead & 0xf0) == 0xe0 ? 3
                           : (lead & 0xf8) == 0xf0 ? 4
                                                   : 0;
  if (size < 2 || size > text.size()) {
    return {.code = lead, .bytes = size == 1 ? std::size_t{1} : 0};
  }
  std::uint32_t code = lead & (0xff >> (size + 1));
  for (std::size_t k = 1; k < size; ++k) {
    if ((byte(k) & 0xc0) != 0x80) {
      return {};
    }
    code = code << 6 | (byte(k) & 0x3f);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  const bool valid = code >= kLeast[size] && code <= 0x10ffff && !is_surrogate;
  return {.code = code, .bytes = valid ? size : 0};
}

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
