#pragma once

#include <string_view>

namespace tandem {

/// Whether the bytes are UTF-8 (RFC 3629: shortest forms, no surrogates, up to U+10FFFF), as TOML
/// and JSON must be.
bool is_utf8(std::string_view bytes);

}  // namespace tandem
