#include "jpeg_views.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "jpeg_part.h"
#include "pixels/vector_clones.h"

namespace tandem::bench {
namespace {

/// Weights of one output place: those of source places first, first + 1, ...; they sum to 1.
struct Window {
  std::int64_t first = 0;
  std::vector<float> weights;
};

/// A triangle as wide as two source pixels, or two output pixels where these are larger, cut off at
/// the crop and at the part's `size` (PIL's resize: Resample.c, precompute_coeffs).
std::vector<Window> windows(double origin, double extent, std::int64_t size, std::int64_t outputs) {
  const double step = extent / static_cast<double>(outputs), reach = std::max(step, 1.0);
  const auto lowest = static_cast<std::int64_t>(std::floor(origin));
  const std::int64_t highest =
      std::min(static_cast<std::int64_t>(std::ceil(origin + extent)), size);
  std::vector<Window> all(static_cast<std::size_t>(outputs));
  for (std::int64_t k = 0; k < outputs; ++k) {
    const double centre = origin + (static_cast<double>(k) + 0.5) * step;
    Window& window = all[static_cast<std::size_t>(k)];
    window.first = std::max(static_cast<std::int64_t>(std::floor(centre - reach + 0.5)), lowest);
    const std::int64_t end =
        std::min(static_cast<std::int64_t>(std::floor(centre + reach + 0.5)), highest);
    double sum = 0;
    std::vector<double> weights;
    for (std::int64_t place = window.first; place < end; ++place) {
      const double away = std::abs(static_cast<double>(place) + 0.5 - centre) / reach;
      weights.push_back(std::max(1 - away, 0.0));
      sum += weights.back();
    }
    for (const double weight : weights) {
      window.weights.push_back(static_cast<float>(weight / sum));
    }
  }
  return all;
}

TANDEM_VECTOR_CLONES
void set_row(const std::uint8_t* row, float weight, std::int64_t count, float* sum) {
  for (std::int64_t k = 0; k < count; ++k) {
    sum[k] = weight * static_cast<float>(row[k]);
  }
}

TANDEM_VECTOR_CLONES
void add_row(const std::uint8_t* row, float weight, std::int64_t count, float* sum) {
  for (std::int64_t k = 0; k < count; ++k) {
    sum[k] += weight * static_cast<float>(row[k]);
  }
}

/// Red, green, blue, and what comes after them.
using Rgbx = float __attribute__((vector_size(16)));

class JpegScaler {
 public:
  JpegScaler(std::int64_t height, std::int64_t width) : height_(height), width_(width) {}

  /// `pixels` holds three planes.
  void scale(const JpegPart& part, bool flip, std::uint8_t* pixels) {
    std::vector<Window> columns = windows(part.crop_left, part.crop_width, part.width, width_);
    const std::vector<Window> rows = windows(part.crop_top, part.crop_height, part.height, height_);
    if (flip) {
      std::reverse(columns.begin(), columns.end());
    }
    const std::int64_t count = 3 * part.width;
    row_.assign(static_cast<std::size_t>(count) + 4, 0);  // the last pixel is read as four numbers
    for (std::int64_t y = 0; y < height_; ++y) {
      const auto& [first, weights] = rows[static_cast<std::size_t>(y)];
      const std::uint8_t* source = part.rgb.data() + first * count;
      set_row(source, weights[0], count, row_.data());
      for (std::size_t k = 1; k < weights.size(); ++k) {
        add_row(source + static_cast<std::int64_t>(k) * count, weights[k], count, row_.data());
      }
      scale_row(columns, pixels + y * width_);
    }
  }

 private:
  void scale_row(const std::vector<Window>& columns, std::uint8_t* pixels) const {
    const std::int64_t area = height_ * width_;
    for (std::int64_t x = 0; x < width_; ++x) {
      const auto& [first, weights] = columns[static_cast<std::size_t>(x)];
      const float* source = row_.data() + 3 * first;
      Rgbx sum{0.5f, 0.5f, 0.5f, 0};
      for (const float weight : weights) {
        Rgbx pixel;
        std::memcpy(&pixel, source, sizeof(pixel));
        sum += pixel * weight;
        source += 3;
      }
      for (std::int64_t channel = 0; channel < 3; ++channel) {
        pixels[channel * area + x] = static_cast<std::uint8_t>(std::min(sum[channel], 255.0f));
      }
    }
  }

  std::int64_t height_, width_;
  std::vector<float> row_;  ///< of the part, scaled vertically
};

void check_jpeg_views(std::span<const JpegFile> files, std::span<const View> views,
                      std::int64_t height, std::int64_t width) {
  if (files.size() != views.size()) {
    throw std::invalid_argument(
        fmt::format("apply_views: expected as many views as files, found {} and {}", views.size(),
                    files.size()));
  }
  if (height < 1 || width < 1) {
    throw std::invalid_argument(fmt::format(
        "apply_views: expected views of at least one pixel, found {} x {}", width, height));
  }
  for (std::size_t k = 0; k < views.size(); ++k) {
    if (!views[k].operations.empty() || views[k].mixture) {
      throw std::invalid_argument(
          fmt::format("{}: expected a view of crop and flip alone, found operations or a mixture",
                      files[k].path));
    }
  }
}

}  // namespace

torch::Tensor apply_views(std::span<const JpegFile> files, std::span<const View> views,
                          std::int64_t height, std::int64_t width) {
  check_jpeg_views(files, views, height, width);
  torch::Tensor pixels = torch::empty({std::ssize(files), 3, height, width}, torch::kUInt8);
  JpegScaler scaler(height, width);
  JpegPart part;
  for (std::size_t k = 0; k < files.size(); ++k) {
    decode_part(files[k], views[k].crop, height, width, part);
    scaler.scale(
        part, views[k].flip,
        pixels.data_ptr<std::uint8_t>() + static_cast<std::int64_t>(k) * 3 * height * width);
  }
  return pixels;
}

}  // namespace tandem::bench
