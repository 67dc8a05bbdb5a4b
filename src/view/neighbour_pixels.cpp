#include "neighbour_pixels.h"

#include <algorithm>
#include <cmath>

#include "blend.h"
#include "reflect.h"
#include "vector_clones.h"

namespace tandem {
namespace {

constexpr std::int32_t kWeightBitsOfBlur = 11;

/// Weights of the places 0..radius from the centre; they sum, with both sides, to 2^11.
std::vector<std::uint32_t> gaussian_weights(std::int32_t radius, std::int32_t sigma) {
  const double deviation = sigma / 1024.0;
  std::vector<double> bell;
  double sum = 0;
  for (std::int32_t place = 0; place <= radius; ++place) {
    bell.push_back(std::exp(-0.5 * place * place / (deviation * deviation)));
    sum += place == 0 ? 1 : 2 * bell.back();
  }
  std::vector<std::uint32_t> weights(bell.size());
  std::uint32_t rest = 1u << kWeightBitsOfBlur;
  for (std::size_t place = 1; place < bell.size(); ++place) {
    weights[place] = static_cast<std::uint32_t>((1 << kWeightBitsOfBlur) * bell[place] / sum + 0.5);
    rest -= 2 * weights[place];
  }
  weights[0] = rest;
  return weights;
}

TANDEM_VECTOR_CLONES
void add_weighted(const std::uint32_t* __restrict values, std::uint32_t weight, std::int64_t count,
                  std::uint32_t* __restrict sums) {
  for (std::int64_t k = 0; k < count; ++k) {
    sums[k] += weight * values[k];
  }
}

/// Every pixel's value after smoothing with 1 1 1, 1 5 1, 1 1 1, and blending.
TANDEM_VECTOR_CLONES
void sharpen_row(const std::uint8_t* above, const std::uint8_t* row, const std::uint8_t* below,
                 std::int32_t factor, std::int64_t width, std::uint8_t* __restrict output) {
  for (std::int64_t x = 1; x < width - 1; ++x) {
    const std::int32_t sum = above[x - 1] + above[x] + above[x + 1] + row[x - 1] + 5 * row[x] +
                             row[x + 1] + below[x - 1] + below[x] + below[x + 1];
    output[x] = blend((2 * sum + 13) / 26, row[x], factor);
  }
}

}  // namespace

void blur(std::int32_t radius, std::int32_t sigma, const ImageShape& shape,
          std::vector<std::uint32_t>& sums, std::uint8_t* pixels) {
  const auto [channels, height, width] = shape;
  const std::vector<std::uint32_t> weights = gaussian_weights(radius, sigma);
  const std::int64_t padded = width + 2 * radius;
  // One padded row of pixels, the rows blurred along themselves, one row of the result.
  sums.resize(static_cast<std::size_t>(padded + height * width + width));
  std::uint32_t* line = sums.data();
  std::uint32_t* rows = line + padded;
  std::uint32_t* result = rows + height * width;
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    std::uint8_t* plane = pixels + channel * height * width;
    std::fill_n(rows, height * width, 0);
    for (std::int64_t y = 0; y < height; ++y) {
      for (std::int64_t x = 0; x < padded; ++x) {
        line[x] = plane[y * width + reflected(x - radius, width)];
      }
      for (std::int64_t tap = -radius; tap <= radius; ++tap) {
        add_weighted(line + radius + tap, weights[static_cast<std::size_t>(std::abs(tap))], width,
                     rows + y * width);
      }
    }
    for (std::int64_t y = 0; y < height; ++y) {
      std::fill_n(result, width, 1u << (2 * kWeightBitsOfBlur - 1));
      for (std::int64_t tap = -radius; tap <= radius; ++tap) {
        add_weighted(rows + reflected(y + tap, height) * width,
                     weights[static_cast<std::size_t>(std::abs(tap))], width, result);
      }
      for (std::int64_t x = 0; x < width; ++x) {
        plane[y * width + x] = static_cast<std::uint8_t>(result[x] >> (2 * kWeightBitsOfBlur));
      }
    }
  }
}

void sharpen(const std::uint8_t* source, std::int32_t factor, const ImageShape& shape,
             std::uint8_t* output) {
  const std::int64_t width = shape.width;
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    for (std::int64_t y = 1; y < shape.height - 1; ++y) {
      const std::int64_t row = (channel * shape.height + y) * width;
      sharpen_row(source + row - width, source + row, source + row + width, factor, width,
                  output + row);
    }
  }
}

}  // namespace tandem
