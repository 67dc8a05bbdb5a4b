#pragma once

#include <array>
#include <cstdint>

#include "tandem/data/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Every output pixel (x, y) is that of `source` at ((a x + b y + c) / 2^16, (d x + e y + f) /
/// 2^16), both rounded down, or black where that is outside.
void move_pixels(const std::uint8_t* source, const ImageShape& shape,
                 const std::array<std::int32_t, 6>& map, std::uint8_t* output);

/// Makes a box black; parts of it may lie outside.
void blacken(const Box& box, const ImageShape& shape, std::uint8_t* pixels);

}  // namespace tandem
