#include "pixels/geometry_pixels.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "pixels/vector_clones.h"

namespace tandem {

namespace {

/// Whether a x + b y + c and d x + e y + f fit 32 bits for all x and y up to the shape's sides.
bool fits_32_bits(const std::array<std::int32_t, 6>& map, const ImageShape& shape) {
  const auto reach = [&](std::int64_t a, std::int64_t b, std::int64_t c) {
    return std::abs(a) * shape.width + std::abs(b) * shape.height + std::abs(c);
  };
  constexpr std::int64_t kLimit = std::numeric_limits<std::int32_t>::max();
  return reach(map[0], map[1], map[2]) < kLimit && reach(map[3], map[4], map[5]) < kLimit;
}

/// Of a row whose first pixel is that at (from_x, from_y) / 2^16; outside, the place after the
/// last.
template <typename Integer>
inline void places_of_row(Integer from_x, Integer from_y, Integer step_x, Integer step_y,
                          Integer width, Integer height, std::int32_t* places) {
  const Integer outside = width * height;
  for (Integer x = 0; x < width; ++x) {
    const Integer column = (from_x + x * step_x) >> 16, row = (from_y + x * step_y) >> 16;
    const bool inside = (column >= 0) & (column < width) & (row >= 0) & (row < height);
    const Integer place = row * width + column;
    places[x] = static_cast<std::int32_t>(inside ? place : outside);
  }
}

TANDEM_VECTOR_CLONES
void places_of_row_in_32_bits(std::int32_t from_x, std::int32_t from_y, std::int32_t step_x,
                              std::int32_t step_y, std::int32_t width, std::int32_t height,
                              std::int32_t* places) {
  places_of_row(from_x, from_y, step_x, step_y, width, height, places);
}

}  // namespace

void move_pixels(const ImageShape& shape, const std::array<std::int32_t, 6>& map, MoveRoom& room,
                 std::uint8_t* pixels) {
  const auto [channels, height, width] = shape;
  const std::int64_t area = height * width;
  room.places.resize(static_cast<std::size_t>(area));
  const bool small = fits_32_bits(map, shape);
  for (std::int64_t y = 0; y < height; ++y) {
    const std::int64_t from_x = map[1] * y + map[2], from_y = map[4] * y + map[5];
    std::int32_t* places = room.places.data() + y * width;
    if (small) {
      places_of_row_in_32_bits(static_cast<std::int32_t>(from_x), static_cast<std::int32_t>(from_y),
                               map[0], map[3], static_cast<std::int32_t>(width),
                               static_cast<std::int32_t>(height), places);
    } else {
      places_of_row<std::int64_t>(from_x, from_y, map[0], map[3], width, height, places);
    }
  }
  room.plane.resize(static_cast<std::size_t>(area + 1));
  room.plane.back() = 0;
  const std::uint8_t* source = room.plane.data();
  for (std::int64_t channel = 0; channel < channels; ++channel, pixels += area) {
    std::memcpy(room.plane.data(), pixels, static_cast<std::size_t>(area));
    const std::int32_t* places = room.places.data();
    for (std::int64_t k = 0; k < area; ++k) {
      pixels[k] = source[places[k]];
    }
  }
}

void blacken(const Box& box, const ImageShape& shape, std::uint8_t* pixels) {
  const auto clipped = [](std::int64_t place, std::int64_t size) {
    return std::clamp<std::int64_t>(place, 0, size);
  };
  const std::int64_t left = clipped(box.left, shape.width);
  const std::int64_t right = clipped(box.left + box.width, shape.width);
  const std::int64_t top = clipped(box.top, shape.height);
  const std::int64_t bottom = clipped(box.top + box.height, shape.height);
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    for (std::int64_t y = top; y < bottom; ++y) {
      std::memset(pixels + (channel * shape.height + y) * shape.width + left, 0,
                  static_cast<std::size_t>(right - left));
    }
  }
}

}  // namespace tandem
