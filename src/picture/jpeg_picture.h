#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "orientation.h"

namespace tandem {

/// Decodes a JPEG, not yet turned. See decode_picture.
OrientedPicture read_jpeg(std::span<const std::byte> bytes, std::int64_t least_side);

}  // namespace tandem
