#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Room to work in.
struct MoveRoom {
  std::vector<std::int32_t> places;  ///< in a plane, of the pixel that each shows
  std::vector<std::uint8_t> plane;
};

/// Every pixel (x, y) becomes that at ((a x + b y + c) / 2^16, (d x + e y + f) / 2^16), both
/// rounded down, or black where that is outside.
void move_pixels(const ImageShape& shape, const std::array<std::int32_t, 6>& map, MoveRoom& room,
                 std::uint8_t* pixels);

/// Makes a box black; parts of it may lie outside.
void blacken(const Box& box, const ImageShape& shape, std::uint8_t* pixels);

}  // namespace tandem
