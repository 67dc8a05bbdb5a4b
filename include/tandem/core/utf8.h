#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem {

// UTF-8 as RFC 3629 has it: shortest forms, no surrogates, up to U+10FFFF.

struct Utf8Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  ///< 0: what begins the text is no UTF-8, and `code` says nothing
};

/// The character that begins `text`, which is not empty.
Utf8Character first_character(std::string_view text);

/// Whether the bytes are UTF-8, as TOML and JSON must be.
bool is_utf8(std::string_view bytes);

}  // namespace tandem
