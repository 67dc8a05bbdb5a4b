#include "degrade_pixels.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tandem {
namespace {

constexpr std::int64_t kOne = std::int64_t{1} << 16;

/// One pixel of a resized axis: a weighted sum of those from `first` on. The weights are whole
/// numbers with the same sum for every pixel.
struct AxisTap {
  std::int64_t first = 0;
  std::vector<std::int64_t> weights;
};

struct Axis {
  std::vector<AxisTap> taps;
  std::int64_t weight = 0;  ///< sum of a tap's weights
};

/// `to` <= `from` pixels, each the mean over its area: pixel i covers [i to, (i + 1) to), area j
/// [j from, (j + 1) from).
Axis mean_of_areas(std::int64_t from, std::int64_t to) {
  Axis axis{.taps = std::vector<AxisTap>(static_cast<std::size_t>(to)), .weight = from};
  for (std::int64_t j = 0; j < to; ++j) {
    AxisTap& tap = axis.taps[static_cast<std::size_t>(j)];
    tap.first = j * from / to;
    for (std::int64_t i = tap.first; i * to < (j + 1) * from; ++i) {
      tap.weights.push_back(std::min((i + 1) * to, (j + 1) * from) - std::max(i * to, j * from));
    }
  }
  return axis;
}

/// `to` >= `from` pixels between the centres of those there are: pixel x lies at
/// ((2 x + 1) from - to) / (2 to).
Axis between_centres(std::int64_t from, std::int64_t to) {
  Axis axis{.taps = std::vector<AxisTap>(static_cast<std::size_t>(to)), .weight = 2 * to};
  for (std::int64_t x = 0; x < to; ++x) {
    const std::int64_t place =
        std::clamp((2 * x + 1) * from - to, std::int64_t{0}, (from - 1) * 2 * to);
    AxisTap& tap = axis.taps[static_cast<std::size_t>(x)];
    tap.first = place / (2 * to);
    const std::int64_t beyond = place % (2 * to);
    tap.weights = {2 * to - beyond};
    if (beyond > 0) {
      tap.weights.push_back(beyond);
    }
  }
  return axis;
}

/// One plane [height, width] under both axes, rounded half up.
std::vector<std::uint8_t> resize(std::span<const std::uint8_t> plane, std::int64_t width,
                                 const Axis& rows, const Axis& columns) {
  const std::int64_t weight = rows.weight * columns.weight;
  std::vector<std::uint8_t> resized;
  resized.reserve(rows.taps.size() * columns.taps.size());
  for (const AxisTap& row : rows.taps) {
    for (const AxisTap& column : columns.taps) {
      std::int64_t sum = 0;
      for (std::size_t y = 0; y < row.weights.size(); ++y) {
        const std::uint8_t* pixel =
            plane.data() + (row.first + static_cast<std::int64_t>(y)) * width + column.first;
        std::int64_t line = 0;
        for (const std::int64_t part : column.weights) {
          line += part * *pixel++;
        }
        sum += row.weights[y] * line;
      }
      resized.push_back(static_cast<std::uint8_t>((2 * sum + weight) / (2 * weight)));
    }
  }
  return resized;
}

std::int64_t reduced(std::int64_t side, double factor) {
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(side) / factor));
}

/// A line of `count` numbers, `stride` apart, under weights that reach `radius` to either side.
template <typename From, typename To>
void blur_line(const From* from, To* to, std::int64_t count, std::int64_t stride,
               const std::vector<std::int64_t>& weights, std::int64_t unit) {
  const std::int64_t radius = std::ssize(weights) / 2;
  for (std::int64_t x = 0; x < count; ++x) {
    std::int64_t sum = 0;
    for (std::int64_t k = -radius; k <= radius; ++k) {
      const std::int64_t at = std::clamp<std::int64_t>(x + k, 0, count - 1);
      sum += weights[static_cast<std::size_t>(k + radius)] *
             static_cast<std::int64_t>(from[at * stride]);
    }
    to[x * stride] = static_cast<To>((sum + unit / 2) / unit);
  }
}

}  // namespace

Blur::Blur(double sigma) {
  const auto radius = static_cast<std::int64_t>(std::ceil(3 * sigma));
  std::vector<double> heights;
  for (std::int64_t k = -radius; k <= radius; ++k) {
    heights.push_back(std::exp(-0.5 * static_cast<double>(k * k) / (sigma * sigma)));
  }
  const double sum = std::accumulate(heights.begin(), heights.end(), 0.0);
  for (const double height : heights) {
    weights_.push_back(std::llround(height / sum * static_cast<double>(kOne)));
  }
  // The middle takes what rounding left over, so that a flat image stays as it is.
  weights_[static_cast<std::size_t>(radius)] +=
      kOne - std::accumulate(weights_.begin(), weights_.end(), std::int64_t{0});
}

void Blur::apply(std::span<std::uint8_t> image, const ImageShape& shape) const {
  const std::int64_t area = shape.height * shape.width;
  std::vector<std::int64_t> lines(static_cast<std::size_t>(area));
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    std::uint8_t* plane = image.data() + channel * area;
    for (std::int64_t y = 0; y < shape.height; ++y) {
      blur_line(plane + y * shape.width, lines.data() + y * shape.width, shape.width, 1, weights_,
                1);
    }
    for (std::int64_t x = 0; x < shape.width; ++x) {
      blur_line(lines.data() + x, plane + x, shape.height, shape.width, weights_, kOne * kOne);
    }
  }
}

void add_noise(std::span<std::uint8_t> image, double stddev, const Key& key) {
  RandomStream random(key);
  for (std::uint8_t& pixel : image) {
    const double noisy = std::floor(pixel + stddev * random.normal() + 0.5);
    pixel = static_cast<std::uint8_t>(std::clamp(noisy, 0.0, 255.0));
  }
}

void reduce_resolution(std::span<std::uint8_t> image, const ImageShape& shape, double factor) {
  const std::int64_t height = reduced(shape.height, factor), width = reduced(shape.width, factor);
  const Axis down_rows = mean_of_areas(shape.height, height);
  const Axis down_columns = mean_of_areas(shape.width, width);
  const Axis up_rows = between_centres(height, shape.height);
  const Axis up_columns = between_centres(width, shape.width);
  const std::size_t area = image.size() / static_cast<std::size_t>(shape.channels);
  for (std::size_t first = 0; first < image.size(); first += area) {
    const std::span<std::uint8_t> plane = image.subspan(first, area);
    const auto small = resize(plane, shape.width, down_rows, down_columns);
    const auto back = resize(small, width, up_rows, up_columns);
    std::copy(back.begin(), back.end(), plane.begin());
  }
}

}  // namespace tandem
