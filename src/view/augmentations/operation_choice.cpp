#include "augmentations/operation_choice.h"

#include <cmath>
#include <numbers>

#include "tandem/view/operations.h"

namespace tandem {

bool is_signed(Choice choice) {
  return choice >= Choice::kShearX && choice <= Choice::kSharpness;
}

bool has_magnitude(Choice choice) {
  return choice >= Choice::kShearX && choice <= Choice::kSolarize;
}

void append(Choice choice, const Magnitude& magnitude, const ImageShape& shape,
            std::vector<Operation>& operations) {
  const Ranges& ranges = magnitude.ranges;
  const int last = magnitude.bins - 1;
  const double level = static_cast<double>(magnitude.bin) / last;
  const double either_way = magnitude.negative ? -level : level;
  const auto pixels = [&](std::int64_t side) {
    return std::trunc(either_way * (ranges.translate_share * static_cast<double>(side) +
                                    ranges.translate_pixels));
  };
  const double degrees_of_shear = std::atan(either_way * ranges.shear) * (180 / std::numbers::pi);
  constexpr Point kCorner{};
  const double factor = 1 + either_way * ranges.enhance;
  switch (choice) {
    case Choice::kIdentity:
      return;
    case Choice::kShearX:
      return operations.push_back(affine({.shear_x_degrees = degrees_of_shear}, kCorner));
    case Choice::kShearY:
      return operations.push_back(affine({.shear_y_degrees = degrees_of_shear}, kCorner));
    case Choice::kTranslateX:
      return operations.push_back(affine({.dx = pixels(shape.width)}, shape));
    case Choice::kTranslateY:
      return operations.push_back(affine({.dy = pixels(shape.height)}, shape));
    case Choice::kRotate:  // counterclockwise
      return operations.push_back(affine({.degrees = -either_way * ranges.degrees}, shape));
    case Choice::kBrightness:
      return operations.push_back(brightness(factor));
    case Choice::kColor:
      return operations.push_back(saturation(factor));
    case Choice::kContrast:
      return operations.push_back(contrast(factor));
    case Choice::kSharpness:
      return operations.push_back(sharpness(factor));
    case Choice::kPosterize:
      return operations.push_back(
          posterize(8 - static_cast<int>(std::nearbyint(level * ranges.bits))));
    case Choice::kSolarize:  // from the threshold 255 (1 - level) on, rounded up
      return operations.push_back(solarize(255 - magnitude.bin * 255 / last));
    case Choice::kAutoContrast:
      return operations.push_back(auto_contrast());
    case Choice::kEqualize:
      return operations.push_back(equalize());
    case Choice::kInvert:
      return operations.push_back(invert());
  }
}

}  // namespace tandem
