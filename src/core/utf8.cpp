#include "tandem/core/utf8.h"

#include <cstdint>

namespace tandem {
namespace {

/// Bytes that follow the first of a letter; -1 for one that begins none.
int bytes_to_follow(unsigned char first) {
  return first < 0x80                     ? 0
         : first >= 0xC2 && first <= 0xDF ? 1
         : first >= 0xE0 && first <= 0xEF ? 2
         : first >= 0xF0 && first <= 0xF4 ? 3
                                          : -1;
}

/// Whether a letter of so many bytes is the shortest form of one that there is.
bool is_letter(std::uint32_t code, int following) {
  constexpr std::uint32_t kFirst[] = {0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code >= kFirst[following] && code <= 0x10FFFF && !is_surrogate;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto first = static_cast<unsigned char>(bytes[at++]);
    const int following = bytes_to_follow(first);
    if (following < 0) {
      return false;
    }
    std::uint32_t code = following == 0 ? first : first & (0x3Fu >> following);
    for (int k = 0; k < following; ++k, ++at) {
      const unsigned char next = at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
      if ((next & 0xC0) != 0x80) {
        return false;
      }
      code = code << 6 | (next & 0x3Fu);
    }
    if (!is_letter(code, following)) {
      return false;
    }
  }
  return true;
}

}  // namespace tandem
