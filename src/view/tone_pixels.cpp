#include "tone_pixels.h"

#include <algorithm>
#include <array>

#include "blend.h"
#include "color_pixels.h"

namespace tandem {
namespace {

using Tones = std::array<std::uint8_t, 256>;  // new value of each

template <typename Function>
Tones tones_by(Function&& tone) {
  Tones tones;
  for (std::int32_t value = 0; value < 256; ++value) {
    tones[static_cast<std::size_t>(value)] = static_cast<std::uint8_t>(tone(value));
  }
  return tones;
}

void replace(const Tones& tones, std::int64_t count, std::uint8_t* pixels) {
  for (std::int64_t k = 0; k < count; ++k) {
    pixels[k] = tones[pixels[k]];
  }
}

Tones stretched(const std::uint8_t* plane, std::int64_t area) {
  const auto [low, high] = std::minmax_element(plane, plane + area);
  const std::int32_t from = *low, span = *high - *low;
  if (span == 0) {
    return tones_by([](std::int32_t value) { return value; });
  }
  return tones_by(
      [&](std::int32_t value) { return std::clamp((value - from) * 255 / span, 0, 255); });
}

/// PIL's rule: ranks in steps of a 255th of what is not the brightest value there is.
Tones equalized(const std::uint8_t* plane, std::int64_t area) {
  std::array<std::int64_t, 256> counts{};
  for (std::int64_t k = 0; k < area; ++k) {
    ++counts[plane[k]];
  }
  const std::uint8_t brightest = *std::max_element(plane, plane + area);
  const std::int64_t step = (area - counts[brightest]) / 255;
  if (step == 0) {
    return tones_by([](std::int32_t value) { return value; });
  }
  std::int64_t rank = step / 2;
  return tones_by([&](std::int32_t value) {
    const std::int64_t tone = std::min<std::int64_t>(rank / step, 255);
    rank += counts[static_cast<std::size_t>(value)];
    return tone;
  });
}

}  // namespace

void change_tones(const Operation& operation, const ImageShape& shape, std::uint8_t* pixels) {
  const std::int64_t area = shape.height * shape.width;
  const std::int32_t parameter = operation.parameters[0];
  const auto everywhere = [&](auto&& tone) {
    replace(tones_by(tone), shape.channels * area, pixels);
  };
  switch (operation.kind) {
    case OperationKind::kBrightness:
      return everywhere([&](std::int32_t value) { return blend(0, value, parameter); });
    case OperationKind::kContrast: {
      const std::int32_t mean = mean_gray(shape, pixels);
      return everywhere([&](std::int32_t value) { return blend(mean, value, parameter); });
    }
    case OperationKind::kPosterize: {
      const std::int32_t kept = 256 - (256 >> parameter);
      return everywhere([&](std::int32_t value) { return value & kept; });
    }
    case OperationKind::kSolarize:
      return everywhere(
          [&](std::int32_t value) { return value >= parameter ? 255 - value : value; });
    case OperationKind::kInvert:
      return everywhere([](std::int32_t value) { return 255 - value; });
    default:
      for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
        std::uint8_t* plane = pixels + channel * area;
        replace(operation.kind == OperationKind::kEqualize ? equalized(plane, area)
                                                           : stretched(plane, area),
                area, plane);
      }
  }
}

}  // namespace tandem
