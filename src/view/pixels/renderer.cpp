#include "pixels/renderer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "pixels/reflect.h"

namespace tandem {
namespace {

/// Eight bytes at a time, which is several times as fast as std::reverse_copy.
void reverse_copy(const std::uint8_t* source, std::int64_t count, std::uint8_t* target) {
  for (; count >= 8; count -= 8, source += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, source, 8);
    word = __builtin_bswap64(word);
    std::memcpy(target + count - 8, &word, 8);
  }
  for (; count > 0; --count, ++source) {
    target[count - 1] = *source;
  }
}

/// Zeroes columns first..last-1 of all rows; where they are few, eight bytes at a time with others.
void blacken(std::uint8_t* plane, std::int64_t rows, std::int64_t width, std::int64_t first,
             std::int64_t last) {
  const std::int64_t count = last - first;
  if (count > 8 || width < 8) {
    for (std::int64_t y = 0; y < rows; ++y) {
      std::memset(plane + y * width + first, 0, static_cast<std::size_t>(count));
    }
    return;
  }
  const std::int64_t place = std::min(first, width - 8);
  std::array<std::uint8_t, 8> kept;
  for (std::int64_t x = 0; x < 8; ++x) {
    kept[x] = place + x >= first && place + x < last ? 0 : 255;
  }
  const auto mask = std::bit_cast<std::uint64_t>(kept);
  for (std::int64_t y = 0; count > 0 && y < rows; ++y) {
    std::uint64_t word = 0;
    std::memcpy(&word, plane + y * width + place, 8);
    word &= mask;
    std::memcpy(plane + y * width + place, &word, 8);
  }
}

/// Copies a crop of the sample's own size; beyond the border is black. `mirror` holds a plane.
void shift_into(const std::uint8_t* sample, const ImageShape& shape, const View& view,
                std::uint8_t* mirror, std::uint8_t* output) {
  const std::int64_t width = shape.width, height = shape.height, area = width * height;
  // Columns left..right-1 and rows top..bottom-1 of the view lie within the sample.
  const std::int64_t left = std::clamp<std::int64_t>(-std::int64_t{view.crop.left}, 0, width);
  const std::int64_t right =
      std::clamp<std::int64_t>(width - std::int64_t{view.crop.left}, left, width);
  const std::int64_t top = std::clamp<std::int64_t>(-std::int64_t{view.crop.top}, 0, height);
  const std::int64_t bottom =
      std::clamp<std::int64_t>(height - std::int64_t{view.crop.top}, top, height);
  if (left == right || top == bottom) {
    std::memset(output, 0, static_cast<std::size_t>(shape.channels * area));
    return;
  }
  // All pixels move by as many bytes: one copy, which leaves the ends of other rows beside them.
  const std::int64_t first = top * width + left,
                     count = (bottom - top) * width - (width - right + left);
  const std::int64_t shift = view.crop.top * width + view.crop.left;
  for (std::int64_t channel = 0; channel < shape.channels;
       ++channel, sample += area, output += area) {
    std::uint8_t* plane = view.flip ? mirror : output;
    std::memset(plane, 0, static_cast<std::size_t>(first));
    std::memcpy(plane + first, sample + first + shift, static_cast<std::size_t>(count));
    std::memset(plane + first + count, 0, static_cast<std::size_t>(area - first - count));
    blacken(plane + top * width, bottom - top, width, 0, left);
    blacken(plane + top * width, bottom - top, width, right, width);
    if (view.flip) {
      for (std::int64_t y = 0; y < height; ++y) {
        reverse_copy(plane + y * width, width, output + y * width);
      }
    }
  }
}

/// Copies a crop of the sample's own size; beyond the border the sample is mirrored.
void shift_reflected_into(const std::uint8_t* sample, const ImageShape& shape, const View& view,
                          std::uint8_t* output) {
  const auto [channels, height, width] = shape;
  std::vector<std::int64_t> columns(static_cast<std::size_t>(width));
  for (std::int64_t x = 0; x < width; ++x) {
    const std::int64_t place = view.flip ? width - 1 - x : x;
    columns[static_cast<std::size_t>(x)] = reflected(view.crop.left + place, width);
  }
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    for (std::int64_t y = 0; y < height; ++y, output += width) {
      const std::int64_t row = reflected(view.crop.top + y, height);
      const std::uint8_t* source = sample + (channel * height + row) * width;
      for (std::int64_t x = 0; x < width; ++x) {
        output[x] = source[columns[static_cast<std::size_t>(x)]];
      }
    }
  }
}

/// Every pixel `share` of `output` and the rest of `partner`, rounded.
void mix_up(std::span<const std::uint8_t> partner, double share, std::uint8_t* output) {
  const auto own = static_cast<std::uint32_t>(share * 256);
  for (std::size_t k = 0; k < partner.size(); ++k) {
    output[k] = static_cast<std::uint8_t>((output[k] * own + partner[k] * (256 - own) + 128) >> 8);
  }
}

/// Copies the patch of `partner` over.
void cut_mix(const std::uint8_t* partner, const ImageShape& shape, const Box& patch,
             std::uint8_t* output) {
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    for (std::int64_t y = patch.top; y < patch.top + patch.height; ++y) {
      const std::int64_t first = (channel * shape.height + y) * shape.width + patch.left;
      std::memcpy(output + first, partner + first, static_cast<std::size_t>(patch.width));
    }
  }
}

}  // namespace

Renderer::Renderer(const Dataset& dataset)
    : dataset_(dataset),
      shape_(dataset.image_shape()),
      image_size_(shape_.channels * shape_.height * shape_.width),
      scaler_(shape_),
      operations_(shape_),
      mirror_(static_cast<std::size_t>(shape_.height * shape_.width)) {}

void Renderer::render(std::int64_t index, const View& view, std::uint8_t* output) {
  render_unmixed(index, view, output);
  if (view.mixture) {
    mix(*view.mixture, output);
  }
}

void Renderer::render_unmixed(std::int64_t index, const View& view, std::uint8_t* output) {
  const std::uint8_t* sample = dataset_.pixels(index);
  if (view.crop.width != shape_.width || view.crop.height != shape_.height) {
    scaler_.scale(sample, view, output);
  } else if (view.border == Border::kReflect) {
    shift_reflected_into(sample, shape_, view, output);
  } else {
    shift_into(sample, shape_, view, mirror_.data(), output);
  }
  if (!view.operations.empty()) {
    operations_.apply(view.operations, output);
  }
}

void Renderer::mix(const Mixture& mixture, std::uint8_t* output) {
  partner_.resize(static_cast<std::size_t>(image_size_));
  render_unmixed(mixture.partner, mixture.view, partner_.data());
  if (mixture.patch) {
    cut_mix(partner_.data(), shape_, *mixture.patch, output);
  } else {
    mix_up(partner_, mixture.share, output);
  }
}

}  // namespace tandem
