#include "geometry_pixels.h"

#include <algorithm>
#include <cstring>

namespace tandem {

void move_pixels(const std::uint8_t* source, const ImageShape& shape,
                 const std::array<std::int32_t, 6>& map, std::uint8_t* output) {
  const auto [channels, height, width] = shape;
  const std::int64_t area = height * width;
  for (std::int64_t y = 0; y < height; ++y) {
    std::int64_t from_x = map[1] * y + map[2], from_y = map[4] * y + map[5];
    for (std::int64_t x = 0; x < width; ++x, from_x += map[0], from_y += map[3], ++output) {
      const std::int64_t column = from_x >> 16, row = from_y >> 16;
      const bool inside = column >= 0 && column < width && row >= 0 && row < height;
      const std::uint8_t* pixel = source + row * width + column;
      for (std::int64_t channel = 0; channel < channels; ++channel) {
        output[channel * area] = inside ? pixel[channel * area] : 0;
      }
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
