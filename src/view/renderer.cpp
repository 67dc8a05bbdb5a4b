#include "renderer.h"

#include <algorithm>
#include <cstring>

#include "reflect.h"

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

/// Copies a crop of the sample's own size; beyond the border is black.
void shift_into(const std::uint8_t* sample, const ImageShape& shape, const View& view,
                std::uint8_t* output) {
  const std::int64_t width = shape.width, height = shape.height;
  // Columns first..last-1 of the crop lie within the sample.
  const std::int64_t left = view.crop.left;
  const std::int64_t first = std::clamp<std::int64_t>(-left, 0, width);
  const std::int64_t last = std::clamp<std::int64_t>(width - left, first, width);
  const std::int64_t target = view.flip ? width - last : first;
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    for (std::int64_t y = 0; y < height; ++y, output += width) {
      const std::int64_t row = view.crop.top + y;
      if (row < 0 || row >= height || first == last) {
        std::memset(output, 0, width);
        continue;
      }
      const std::uint8_t* source = sample + (channel * height + row) * width + left + first;
      std::memset(output, 0, target);
      if (view.flip) {
        reverse_copy(source, last - first, output + target);
      } else {
        std::memcpy(output + target, source, last - first);
      }
      std::memset(output + target + last - first, 0, width - target - (last - first));
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
      operations_(shape_) {}

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
    shift_into(sample, shape_, view, output);
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
