#include "pixels/neighbour_pixels.h"

#include <algorithm>
#include <cmath>

#include "pixels/blend.h"
#include "pixels/reflect.h"
#include "pixels/vector_clones.h"

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
void weigh(const std::uint32_t* __restrict values, std::uint32_t weight, std::uint32_t more,
           std::int64_t count, std::uint32_t* __restrict sums) {
  for (std::int64_t k = 0; k < count; ++k) {
    sums[k] = weight * values[k] + more;
  }
}

TANDEM_VECTOR_CLONES
void add_weighted(const std::uint32_t* __restrict one, const std::uint32_t* __restrict other,
                  std::uint32_t weight, std::int64_t count, std::uint32_t* __restrict sums) {
  for (std::int64_t k = 0; k < count; ++k) {
    sums[k] += weight * (one[k] + other[k]);
  }
}

/// `more` and the weighted sum of each of `count` values and its neighbours, which are `stride`
/// apart; `values` begins with the neighbours of the first.
void smooth(const std::uint32_t* values, std::int64_t stride,
            const std::vector<std::uint32_t>& weights, std::uint32_t more, std::int64_t count,
            std::uint32_t* sums) {
  const std::int64_t radius = std::ssize(weights) - 1;
  const std::uint32_t* centre = values + radius * stride;
  weigh(centre, weights[0], more, count, sums);
  for (std::int64_t place = 1; place <= radius; ++place) {
    add_weighted(centre - place * stride, centre + place * stride,
                 weights[static_cast<std::size_t>(place)], count, sums);
  }
}

TANDEM_VECTOR_CLONES
void widen(const std::uint8_t* __restrict pixels, std::int64_t count,
           std::uint32_t* __restrict values) {
  for (std::int64_t k = 0; k < count; ++k) {
    values[k] = pixels[k];
  }
}

TANDEM_VECTOR_CLONES
void narrow(const std::uint32_t* __restrict sums, std::int64_t count,
            std::uint8_t* __restrict pixels) {
  for (std::int64_t k = 0; k < count; ++k) {
    pixels[k] = static_cast<std::uint8_t>(sums[k] >> (2 * kWeightBitsOfBlur));
  }
}

/// Rows of `width` pixels as numbers, mirrored `radius` pixels beyond both ends.
void widen_mirrored(const std::uint8_t* plane, std::int64_t height, std::int64_t width,
                    std::int64_t radius, std::uint32_t* values) {
  for (std::int64_t y = 0; y < height; ++y, plane += width, values += width + 2 * radius) {
    widen(plane, width, values + radius);
    for (std::int64_t k = 0; k < radius; ++k) {
      values[k] = plane[reflected(k - radius, width)];
      values[width + radius + k] = plane[reflected(width + k, width)];
    }
  }
}

/// sum / 13 of the weighted sum of nine pixels and 6.
constexpr std::int32_t thirteenth(std::int32_t sum) {
  return (sum * 5042) >> 16;
}

constexpr bool every_sum_is_divided_rightly() {
  for (std::int32_t sum = 0; sum <= 13 * 255 + 6; ++sum) {
    if (thirteenth(sum) != sum / 13) {
      return false;
    }
  }
  return true;
}
static_assert(every_sum_is_divided_rightly());

/// `count` pixels after smoothing with 1 1 1, 1 5 1, 1 1 1, and blending. Rows follow each other,
/// so that one loop does them all: those of small images are too short for a loop each.
TANDEM_VECTOR_CLONES
void sharpen_pixels(const std::uint8_t* __restrict pixel, std::int64_t width, std::int32_t factor,
                    std::int64_t count, std::uint8_t* __restrict output) {
  const std::uint8_t *above = pixel - width, *below = pixel + width;
  for (std::int64_t x = 0; x < count; ++x) {
    const std::int32_t sum = above[x - 1] + above[x] + above[x + 1] + pixel[x - 1] + 5 * pixel[x] +
                             pixel[x + 1] + below[x - 1] + below[x] + below[x + 1];
    output[x] = blend(thirteenth(sum + 6), pixel[x], factor);
  }
}

}  // namespace

void blur(std::int32_t radius, std::int32_t sigma, const ImageShape& shape,
          std::vector<std::uint32_t>& sums, std::uint8_t* pixels) {
  const std::int64_t channels = shape.channels, height = shape.height, width = shape.width;
  const std::vector<std::uint32_t> weights = gaussian_weights(radius, sigma);
  // A mirrored picture, its rows blurred along themselves and mirrored, and the result. All have
  // rows of this stride, so that one loop smooths the whole; what it makes of a row's end and the
  // next one's beginning is never read.
  const std::int64_t stride = width + 2 * radius;
  const std::int64_t count = height * stride - 2 * radius;
  sums.resize(static_cast<std::size_t>((3 * height + 2 * radius) * stride));
  std::uint32_t* mirrored = sums.data();
  std::uint32_t* rows = mirrored + height * stride;
  std::uint32_t* result = rows + (height + 2 * radius) * stride;
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    std::uint8_t* plane = pixels + channel * height * width;
    widen_mirrored(plane, height, width, radius, mirrored);
    smooth(mirrored, 1, weights, 0, count, rows + radius * stride);
    for (std::int64_t k = 0; k < radius; ++k) {
      const auto copy_row = [&](std::int64_t y) {
        std::copy_n(rows + (reflected(y, height) + radius) * stride, width,
                    rows + (y + radius) * stride);
      };
      copy_row(k - radius);
      copy_row(height + k);
    }
    smooth(rows, stride, weights, 1u << (2 * kWeightBitsOfBlur - 1), count, result);
    for (std::int64_t y = 0; y < height; ++y) {
      narrow(result + y * stride, width, plane + y * width);
    }
  }
}

void sharpen(const std::uint8_t* source, std::int32_t factor, const ImageShape& shape,
             std::uint8_t* output) {
  const auto [channels, height, width] = shape;
  if (height < 3 || width < 3) {
    return;
  }
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    const std::int64_t first = (channel * height + 1) * width + 1;
    sharpen_pixels(source + first, width, factor, (height - 2) * width - 2, output + first);
    for (std::int64_t y = 1; y < height - 1; ++y) {
      const std::int64_t row = (channel * height + y) * width;
      output[row] = source[row];
      output[row + width - 1] = source[row + width - 1];
    }
  }
}

}  // namespace tandem
