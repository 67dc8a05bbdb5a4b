#pragma once

#include <string>
#include <string_view>

namespace tandem {

/// Base 64 with padding (RFC 4648, section 4).
std::string encode_base64(std::string_view bytes);

}  // namespace tandem
