#include "color_pixels.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "blend.h"
#include "vector_clones.h"

namespace tandem {
namespace {

constexpr std::int32_t kSextant = 4096;  // of the colour wheel
constexpr std::int32_t kWheel = 6 * kSextant;

/// Grey value of a colour, by the weights of ITU-R BT.601 in units of 1/65536, as PIL has them.
inline std::int32_t gray_of(std::int32_t red, std::int32_t green, std::int32_t blue) {
  return (red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16;
}

/// 2^24 / chroma, rounded.
constexpr std::array<std::int32_t, 256> kReciprocals = [] {
  std::array<std::int32_t, 256> reciprocals{};
  for (std::int32_t chroma = 1; chroma < 256; ++chroma) {
    reciprocals[static_cast<std::size_t>(chroma)] = ((1 << 24) + chroma / 2) / chroma;
  }
  return reciprocals;
}();

TANDEM_VECTOR_CLONES
std::int64_t sum_of_grays(const std::uint8_t* pixels, std::int64_t area) {
  std::int64_t sum = 0;
  constexpr std::int64_t kRun = 1 << 16;  // whose sum fits 32 bits
  for (std::int64_t first = 0; first < area; first += kRun) {
    const std::int64_t last = std::min(first + kRun, area);
    std::int32_t part = 0;
    for (std::int64_t k = first; k < last; ++k) {
      part += gray_of(pixels[k], pixels[area + k], pixels[2 * area + k]);
    }
    sum += part;
  }
  return sum;
}

TANDEM_VECTOR_CLONES
void saturate_plane(std::int32_t factor, std::int64_t area, std::uint8_t* __restrict red,
                    std::uint8_t* __restrict green, std::uint8_t* __restrict blue) {
  for (std::int64_t k = 0; k < area; ++k) {
    const std::int32_t gray = gray_of(red[k], green[k], blue[k]);
    red[k] = blend(gray, red[k], factor);
    green[k] = blend(gray, green[k], factor);
    blue[k] = blend(gray, blue[k], factor);
  }
}

TANDEM_VECTOR_CLONES
void turn_hue_of_planes(std::int32_t shift, std::int64_t area, std::uint8_t* __restrict red,
                        std::uint8_t* __restrict green, std::uint8_t* __restrict blue) {
  for (std::int64_t k = 0; k < area; ++k) {
    const std::int32_t r = red[k], g = green[k], b = blue[k];
    const std::int32_t high = std::max(r, std::max(g, b)), low = std::min(r, std::min(g, b));
    const std::int32_t chroma = high - low;
    const std::int32_t begin = high == r ? 0 : high == g ? 2 * kSextant : 4 * kSextant;
    const std::int32_t difference = high == r ? g - b : high == g ? b - r : r - g;
    std::int32_t place = begin + ((difference * kReciprocals[chroma] + 2048) >> 12) + shift;
    place += place < 0 ? kWheel : 0;
    place -= place >= kWheel ? kWheel : 0;
    const std::int32_t sextant = place >> 12;
    const std::int32_t part = (chroma * (place & 4095) + 2048) >> 12;
    const std::int32_t rising = low + part, falling = high - part;
    const auto channel = [&](std::int32_t top1, std::int32_t top2, std::int32_t down,
                             std::int32_t up) {
      const std::int32_t value = sextant == top1 || sextant == top2 ? high
                                 : sextant == down                  ? falling
                                 : sextant == up                    ? rising
                                                                    : low;
      return static_cast<std::uint8_t>(value);
    };
    red[k] = channel(5, 0, 1, 4);
    green[k] = channel(1, 2, 3, 0);
    blue[k] = channel(3, 4, 5, 2);
  }
}

TANDEM_VECTOR_CLONES
void gray_planes(std::int64_t area, std::uint8_t* __restrict red, std::uint8_t* __restrict green,
                 std::uint8_t* __restrict blue) {
  for (std::int64_t k = 0; k < area; ++k) {
    const auto gray = static_cast<std::uint8_t>(gray_of(red[k], green[k], blue[k]));
    red[k] = green[k] = blue[k] = gray;
  }
}

}  // namespace

std::int32_t mean_gray(const ImageShape& shape, const std::uint8_t* pixels) {
  const std::int64_t area = shape.height * shape.width;
  const std::int64_t count = shape.channels == 3 ? area : shape.channels * area;
  const std::int64_t sum = shape.channels == 3
                               ? sum_of_grays(pixels, area)
                               : std::accumulate(pixels, pixels + count, std::int64_t{0});
  return static_cast<std::int32_t>((2 * sum + count) / (2 * count));
}

void saturate(std::int32_t factor, const ImageShape& shape, std::uint8_t* pixels) {
  const std::int64_t area = shape.height * shape.width;
  if (shape.channels == 3) {
    saturate_plane(factor, area, pixels, pixels + area, pixels + 2 * area);
  }
}

void turn_hue(std::int32_t shift, const ImageShape& shape, std::uint8_t* pixels) {
  const std::int64_t area = shape.height * shape.width;
  if (shape.channels == 3) {
    turn_hue_of_planes(shift, area, pixels, pixels + area, pixels + 2 * area);
  }
}

void make_gray(const ImageShape& shape, std::uint8_t* pixels) {
  const std::int64_t area = shape.height * shape.width;
  if (shape.channels == 3) {
    gray_planes(area, pixels, pixels + area, pixels + 2 * area);
  }
}

}  // namespace tandem
