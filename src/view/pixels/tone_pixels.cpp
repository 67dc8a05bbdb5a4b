#include "pixels/tone_pixels.h"

#include <algorithm>
#include <array>

#include "pixels/blend.h"
#include "pixels/color_pixels.h"
#include "pixels/vector_clones.h"

namespace tandem {
namespace {

using Tones = std::array<std::uint8_t, 256>;  // new value of each

/// Takes the tones by value: a byte that is written could otherwise be one of them.
void replace(const Tones tones, std::int64_t count, std::uint8_t* pixels) {
  for (std::int64_t k = 0; k < count; ++k) {
    pixels[k] = tones[pixels[k]];
  }
}

TANDEM_VECTOR_CLONES
void blend_all(std::int32_t from, std::int32_t factor, std::int64_t count, std::uint8_t* pixels) {
  for (std::int64_t k = 0; k < count; ++k) {
    pixels[k] = blend(from, pixels[k], factor);
  }
}

TANDEM_VECTOR_CLONES
void mask_all(std::uint8_t kept, std::int64_t count, std::uint8_t* pixels) {
  for (std::int64_t k = 0; k < count; ++k) {
    pixels[k] &= kept;
  }
}

TANDEM_VECTOR_CLONES
void invert_from(std::uint8_t threshold, std::int64_t count, std::uint8_t* pixels) {
  for (std::int64_t k = 0; k < count; ++k) {
    const std::uint8_t pixel = pixels[k], inverse = static_cast<std::uint8_t>(~pixel);
    pixels[k] = pixel >= threshold ? inverse : pixel;
  }
}

struct Range {
  std::uint8_t low, high;
};

TANDEM_VECTOR_CLONES
Range range_of(const std::uint8_t* plane, std::int64_t area) {
  std::uint8_t low = 255, high = 0;
  for (std::int64_t k = 0; k < area; ++k) {
    low = std::min(low, plane[k]);
    high = std::max(high, plane[k]);
  }
  return {low, high};
}

void stretch(std::uint8_t* plane, std::int64_t area) {
  const auto [low, high] = range_of(plane, area);
  const std::int32_t span = high - low;
  if (span == 0) {
    return;
  }
  // A quotient of integers below 2^16 that is no integer is further from one than fp32 rounds.
  Tones tones{};
  for (std::int32_t above = 0; above <= span; ++above) {
    const float tone = static_cast<float>(above * 255) / static_cast<float>(span);
    tones[static_cast<std::size_t>(low + above)] =
        static_cast<std::uint8_t>(static_cast<std::int32_t>(tone));
  }
  replace(tones, area, plane);
}

using Counts = std::array<std::uint32_t, 256>;

Counts counts_of(const std::uint8_t* plane, std::int64_t area) {
  // Four tables, as a count must wait for the one before if the pixels are equal.
  std::array<Counts, 4> tables{};
  std::int64_t k = 0;
  for (; k + 4 <= area; k += 4) {
    for (std::size_t table = 0; table < 4; ++table) {
      ++tables[table][plane[k + static_cast<std::int64_t>(table)]];
    }
  }
  for (; k < area; ++k) {
    ++tables[0][plane[k]];
  }
  for (std::size_t value = 0; value < 256; ++value) {
    tables[0][value] += tables[1][value] + tables[2][value] + tables[3][value];
  }
  return tables[0];
}

/// PIL's rule: ranks in steps of a 255th of what is not the brightest value there is.
void equalize_plane(std::uint8_t* plane, std::int64_t area) {
  const Counts counts = counts_of(plane, area);
  std::size_t brightest = 255;
  while (counts[brightest] == 0) {
    --brightest;
  }
  const std::uint32_t step = (static_cast<std::uint32_t>(area) - counts[brightest]) / 255;
  if (step == 0) {
    return;
  }
  Tones tones{};
  std::uint32_t rank = step / 2;
  for (std::size_t value = 0; value <= brightest; ++value) {
    tones[value] = static_cast<std::uint8_t>(std::min(rank / step, 255u));
    rank += counts[value];
  }
  replace(tones, area, plane);
}

}  // namespace

void change_tones(const Operation& operation, const ImageShape& shape, std::uint8_t* pixels) {
  const std::int64_t area = shape.height * shape.width;
  const std::int32_t parameter = operation.parameters[0];
  const std::int64_t count = shape.channels * area;
  switch (operation.kind) {
    case OperationKind::kBrightness:
      return blend_all(0, parameter, count, pixels);
    case OperationKind::kContrast:
      return blend_all(mean_gray(shape, pixels), parameter, count, pixels);
    case OperationKind::kPosterize:
      return mask_all(static_cast<std::uint8_t>(256 - (256 >> parameter)), count, pixels);
    case OperationKind::kSolarize:
      if (parameter < 256) {
        invert_from(static_cast<std::uint8_t>(std::max(parameter, 0)), count, pixels);
      }
      return;
    case OperationKind::kInvert:
      return invert_from(0, count, pixels);
    default:
      for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
        std::uint8_t* plane = pixels + channel * area;
        operation.kind == OperationKind::kEqualize ? equalize_plane(plane, area)
                                                   : stretch(plane, area);
      }
  }
}

}  // namespace tandem
