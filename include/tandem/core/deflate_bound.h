#pragma once

#include <cstdint>

namespace tandem {

/// Deflate never packs more than this many bytes into one (https://zlib.net/zlib_tech.html).
inline constexpr std::int64_t kMostDeflated = 1032;

}  // namespace tandem
