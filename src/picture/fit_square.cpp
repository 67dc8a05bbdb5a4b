#include "tandem/picture/fit_square.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tandem {
namespace {

/// Weights are fixed-point with so many bits, as in PIL, whose pixels these are to equal.
constexpr int kWeightBits = 22;
constexpr std::int32_t kHalf = 1 << (kWeightBits - 1);

/// The source pixels that one output pixel is made of.
struct Taps {
  std::int64_t first = 0;
  std::vector<std::int32_t> weights;
};

/// Of the output pixels begin..begin+count-1 where `source` pixels, which stand for `full` ones as
/// `reduction` says, become `target`.
std::vector<Taps> taps_along(std::int64_t source, std::int64_t full, std::int64_t reduction,
                             std::int64_t target, std::int64_t begin, std::int64_t count) {
  const double scale = static_cast<double>(full) / static_cast<double>(target * reduction);
  const double reach = std::max(scale, 1.0);
  std::vector<Taps> all(static_cast<std::size_t>(count));
  std::vector<double> exact;
  for (std::int64_t k = 0; k < count; ++k) {
    const double centre = (static_cast<double>(begin + k) + 0.5) * scale;
    const auto first = std::max<std::int64_t>(static_cast<std::int64_t>(centre - reach + 0.5), 0);
    const auto end =
        std::min<std::int64_t>(static_cast<std::int64_t>(centre + reach + 0.5), source);
    double sum = 0;
    exact.clear();
    for (std::int64_t x = first; x < end; ++x) {
      const double distance = (static_cast<double>(x) - centre + 0.5) * (1 / reach);
      exact.push_back(std::max(0.0, 1 - std::abs(distance)));
      sum += exact.back();
    }
    Taps& taps = all[static_cast<std::size_t>(k)];
    taps.first = first;
    for (const double weight : exact) {
      taps.weights.push_back(static_cast<std::int32_t>(0.5 + weight / sum * (1 << kWeightBits)));
    }
  }
  return all;
}

std::uint8_t pixel_of(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> kWeightBits, 0, 255));
}

/// One row of RGB, scaled along.
void scale_row(const std::uint8_t* source, const std::vector<Taps>& columns, std::uint8_t* target) {
  for (const Taps& taps : columns) {
    const std::uint8_t* pixel = source + 3 * taps.first;
    std::int32_t red = kHalf, green = kHalf, blue = kHalf;
    for (const std::int32_t weight : taps.weights) {
      red += weight * pixel[0];
      green += weight * pixel[1];
      blue += weight * pixel[2];
      pixel += 3;
    }
    target[0] = pixel_of(red);
    target[1] = pixel_of(green);
    target[2] = pixel_of(blue);
    target += 3;
  }
}

}  // namespace

void fit_square(const Picture& picture, std::int64_t side, std::uint8_t* planes) {
  if (side < 1) {
    throw std::invalid_argument(fmt::format("fit_square: expected a positive side, got {}", side));
  }
  const std::int64_t shorter = std::min(picture.full_width, picture.full_height);
  const std::int64_t width = side * picture.full_width / shorter;
  const std::int64_t height = side * picture.full_height / shorter;
  // Halves go to the even number, as Python's round() does it.
  const auto margin = [side](std::int64_t extent) {
    return static_cast<std::int64_t>(std::nearbyint(static_cast<double>(extent - side) / 2));
  };
  const std::vector<Taps> columns =
      taps_along(picture.width, picture.full_width, picture.reduction, width, margin(width), side);
  const std::vector<Taps> rows = taps_along(picture.height, picture.full_height, picture.reduction,
                                            height, margin(height), side);

  const std::int64_t top = rows.front().first;
  const std::int64_t bottom = rows.back().first + std::ssize(rows.back().weights);
  const auto row_size = static_cast<std::size_t>(3 * side);
  std::vector<std::uint8_t> narrow(static_cast<std::size_t>(bottom - top) * row_size);
  for (std::int64_t y = top; y < bottom; ++y) {
    scale_row(picture.rgb.data() + 3 * y * picture.width, columns,
              narrow.data() + static_cast<std::size_t>(y - top) * row_size);
  }

  std::vector<std::int32_t> sums(row_size);
  for (std::int64_t y = 0; y < side; ++y) {
    const Taps& taps = rows[static_cast<std::size_t>(y)];
    std::fill(sums.begin(), sums.end(), kHalf);
    const std::uint8_t* source =
        narrow.data() + static_cast<std::size_t>(taps.first - top) * row_size;
    for (const std::int32_t weight : taps.weights) {
      for (std::size_t x = 0; x < row_size; ++x) {
        sums[x] += weight * source[x];
      }
      source += row_size;
    }
    for (std::int64_t x = 0; x < side; ++x) {
      for (std::int64_t channel = 0; channel < 3; ++channel) {
        planes[(channel * side + y) * side + x] =
            pixel_of(sums[static_cast<std::size_t>(3 * x + channel)]);
      }
    }
  }
}

}  // namespace tandem
