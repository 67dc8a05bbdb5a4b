#include "pixels/color_pixels.h"

#include <algorithm>
#include <numeric>

#include "pixels/blend.h"
#include "pixels/vector_clones.h"

namespace tandem {
namespace {

constexpr std::int32_t kSextant = 4096;  // of the colour wheel
constexpr std::int32_t kWheel = 6 * kSextant;

/// Grey value of a colour, by the weights of ITU-R BT.601 in units of 1/65536, as PIL has them.
inline std::int32_t gray_of(std::int32_t red, std::int32_t green, std::int32_t blue) {
  return (red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16;
}

/// 2^24 / chroma, rounded, for 1..255. A quotient in fp32 may be off by one and is put right: many
/// at a time, that is faster than to look them up.
constexpr std::int32_t reciprocal(std::int32_t chroma) {
  const auto quotient = static_cast<std::int32_t>(16777216.0f / static_cast<float>(chroma));
  const std::int32_t rest = (1 << 24) - quotient * chroma;
  return quotient + static_cast<std::int32_t>(2 * rest > chroma);
}

constexpr bool all_reciprocals_are_right() {
  for (std::int32_t chroma = 1; chroma < 256; ++chroma) {
    if (reciprocal(chroma) != ((1 << 24) + chroma / 2) / chroma) {
      return false;
    }
  }
  return true;
}
static_assert(all_reciprocals_are_right());

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

/// All bits or none.
inline std::int32_t mask(bool condition) {
  return -static_cast<std::int32_t>(condition);
}

TANDEM_VECTOR_CLONES
void turn_hue_of_planes(std::int32_t shift, std::int64_t area, std::uint8_t* __restrict red,
                        std::uint8_t* __restrict green, std::uint8_t* __restrict blue) {
  for (std::int64_t k = 0; k < area; ++k) {
    const std::int32_t r = red[k], g = green[k], b = blue[k];
    const std::int32_t high = std::max(r, std::max(g, b)), low = std::min(r, std::min(g, b));
    const std::int32_t chroma = high - low;
    // All choices by masks: with branches, pixels would be taken one by one.
    const std::int32_t red_leads = mask(high == r), green_leads = mask(high == g) & ~red_leads;
    const std::int32_t blue_leads = ~(red_leads | green_leads);
    const std::int32_t begin = (green_leads & (2 * kSextant)) | (blue_leads & (4 * kSextant));
    const std::int32_t difference =
        (red_leads & (g - b)) | (green_leads & (b - r)) | (blue_leads & (r - g));
    std::int32_t place =
        begin + ((difference * reciprocal(std::max(chroma, 1)) + 2048) >> 12) + shift;
    place += mask(place < 0) & kWheel;
    place -= mask(place >= kWheel) & kWheel;
    const std::int32_t sextant = place >> 12;
    const std::int32_t part = (chroma * (place & 4095) + 2048) >> 12;
    const auto channel = [&](std::int32_t top1, std::int32_t top2, std::int32_t down,
                             std::int32_t up) {
      const std::int32_t above_low = (mask((sextant == top1) | (sextant == top2)) & chroma) |
                                     (mask(sextant == down) & (chroma - part)) |
                                     (mask(sextant == up) & part);
      return static_cast<std::uint8_t>(low + above_low);
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
