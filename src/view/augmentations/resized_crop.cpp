#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "augmentations/parameter.h"

namespace tandem {
namespace {

constexpr int kCropTries = 10;
constexpr double kMinAspect = 3.0 / 4, kMaxAspect = 4.0 / 3;
constexpr double kLogMaxAspect = 0.28768207245178085;

std::int32_t rounded(double value) {
  return static_cast<std::int32_t>(std::nearbyint(value));
}

/// torchvision's fallback: the largest central box with an aspect ratio within the bounds.
Box central_box(std::int32_t width, std::int32_t height) {
  Box box{0, 0, width, height};
  const double aspect = static_cast<double>(width) / height;
  if (aspect < kMinAspect) {
    box.height = rounded(width / kMinAspect);
  } else if (aspect > kMaxAspect) {
    box.width = rounded(height * kMaxAspect);
  }
  box.left = (width - box.width) / 2;
  box.top = (height - box.height) / 2;
  return box;
}

/// "resized-crop:MIN-MAX": a box with area uniform in [MIN, MAX] of the sample's and aspect ratio
/// log-uniform in [3/4, 4/3], scaled to the sample's size (Szegedy et al., arXiv:1409.4842; the
/// retry rule and the fallback are torchvision's RandomResizedCrop's). "resized-crop" is 0.08-1.
class RandomResizedCrop : public Augmentation {
 public:
  RandomResizedCrop(double min_scale, double max_scale)
      : min_scale_(min_scale), max_scale_(max_scale) {}
  Part part() const override { return Part::kCrop; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    RandomStream random(key.stream(Stream::kResizedCrop));
    const auto width = static_cast<std::int32_t>(shape.width);
    const auto height = static_cast<std::int32_t>(shape.height);
    const double whole = static_cast<double>(shape.width * shape.height);
    for (int attempt = 0; attempt < kCropTries; ++attempt) {
      const double area = whole * (min_scale_ + random.uniform() * (max_scale_ - min_scale_));
      const double aspect = std::exp((2 * random.uniform() - 1) * kLogMaxAspect);
      Box box;
      box.width = rounded(std::sqrt(area * aspect));
      box.height = rounded(std::sqrt(area / aspect));
      if (box.width > 0 && box.width <= width && box.height > 0 && box.height <= height) {
        box.left = static_cast<std::int32_t>(random.below(width - box.width + 1));
        box.top = static_cast<std::int32_t>(random.below(height - box.height + 1));
        view.crop = box;
        return;
      }
    }
    view.crop = central_box(width, height);
  }

  std::string text() const override {
    return fmt::format("resized-crop:{}-{}", min_scale_, max_scale_);
  }

 private:
  double min_scale_;
  double max_scale_;
};

std::unique_ptr<Augmentation> parse_resized_crop(std::string_view parameter) {
  if (parameter.empty()) {
    return std::make_unique<RandomResizedCrop>(0.08, 1);
  }
  const std::vector<double> scales = numbers_of(kResizedCropEntry, parameter, 2);
  if (!(0 < scales[0] && scales[0] <= scales[1] && scales[1] <= 1)) {
    throw std::invalid_argument(fmt::format(
        "resized-crop: expected 0 < MIN <= MAX <= 1, found {}-{}", scales[0], scales[1]));
  }
  return std::make_unique<RandomResizedCrop>(scales[0], scales[1]);
}

}  // namespace

constinit const AugmentationEntry kResizedCropEntry{"resized-crop", "resized-crop:MIN-MAX",
                                                    parse_resized_crop};

}  // namespace tandem
