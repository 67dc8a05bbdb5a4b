#include "tandem/view/operations.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tandem {
namespace {

constexpr double kOne = 65536;       // of factors and of affine maps
constexpr double kTurn = 6 * 4096;   // of hues
constexpr double kSigmaUnit = 1024;  // of a blur's standard deviation

/// To the nearest integer, halves up.
std::int32_t nearest(double value) {
  return static_cast<std::int32_t>(std::floor(value + 0.5));
}

Operation by_factor(OperationKind kind, double factor) {
  return {kind, {nearest(factor * kOne)}};
}

double radians(double degrees) {
  return degrees * (std::numbers::pi / 180);
}

}  // namespace

Operation brightness(double factor) {
  return by_factor(OperationKind::kBrightness, factor);
}

Operation contrast(double factor) {
  return by_factor(OperationKind::kContrast, factor);
}

Operation saturation(double factor) {
  return by_factor(OperationKind::kSaturation, factor);
}

Operation sharpness(double factor) {
  return by_factor(OperationKind::kSharpness, factor);
}

Operation hue(double turns) {
  const std::int32_t shift = nearest(turns * kTurn) % static_cast<std::int32_t>(kTurn);
  return {OperationKind::kHue, {shift < 0 ? shift + static_cast<std::int32_t>(kTurn) : shift}};
}

Operation grayscale() {
  return {OperationKind::kGrayscale};
}

Operation gaussian_blur(int radius, double sigma) {
  return {OperationKind::kBlur, {radius, std::max(nearest(sigma * kSigmaUnit), 1)}};
}

Operation posterize(int bits) {
  return {OperationKind::kPosterize, {bits}};
}

Operation solarize(int threshold) {
  return {OperationKind::kSolarize, {threshold}};
}

Operation auto_contrast() {
  return {OperationKind::kAutoContrast};
}

Operation equalize() {
  return {OperationKind::kEqualize};
}

Operation invert() {
  return {OperationKind::kInvert};
}

Operation erase(const Box& box) {
  return {OperationKind::kErase, {box.left, box.top, box.width, box.height}};
}

Operation affine(const Affine& map, const Point& centre) {
  // torchvision's _get_inverse_affine_matrix: rotation, scale and shear, backwards.
  const double turn = radians(map.degrees);
  const double shear_x = radians(map.shear_x_degrees), shear_y = radians(map.shear_y_degrees);
  const double a = std::cos(turn - shear_y) / std::cos(shear_y);
  const double b = -a * std::tan(shear_x) - std::sin(turn);
  const double c = std::sin(turn - shear_y) / std::cos(shear_y);
  const double d = -c * std::tan(shear_x) + std::cos(turn);
  const double xx = d / map.scale, xy = -b / map.scale;
  const double yx = -c / map.scale, yy = a / map.scale;
  const double from_x = -centre.x - map.dx, from_y = -centre.y - map.dy;
  const double x0 = xx * from_x + xy * from_y + centre.x;
  const double y0 = yx * from_x + yy * from_y + centre.y;
  // From the centre of the first pixel on.
  return {OperationKind::kAffine,
          {nearest(xx * kOne), nearest(xy * kOne), nearest((x0 + 0.5 * xx + 0.5 * xy) * kOne),
           nearest(yx * kOne), nearest(yy * kOne), nearest((y0 + 0.5 * yx + 0.5 * yy) * kOne)}};
}

Operation affine(const Affine& map, const ImageShape& shape) {
  return affine(map, Point{.x = 0.5 * static_cast<double>(shape.width),
                           .y = 0.5 * static_cast<double>(shape.height)});
}

}  // namespace tandem
