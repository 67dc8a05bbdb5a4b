#pragma once

#include <cstddef>
#include <span>

#include "orientation.h"

namespace tandem {

/// Decodes a PNG, not yet turned. See decode_picture.
OrientedPicture read_png(std::span<const std::byte> bytes);

}  // namespace tandem
