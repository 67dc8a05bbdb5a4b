#include "pixels/pixel_operations.h"

#include <cstring>

#include "pixels/color_pixels.h"
#include "pixels/geometry_pixels.h"
#include "pixels/neighbour_pixels.h"
#include "pixels/tone_pixels.h"

namespace tandem {

void PixelOperations::apply(std::span<const Operation> operations, std::uint8_t* pixels) {
  for (const Operation& operation : operations) {
    apply(operation, pixels);
  }
}

void PixelOperations::apply(const Operation& operation, std::uint8_t* pixels) {
  const auto& parameters = operation.parameters;
  switch (operation.kind) {
    case OperationKind::kAffine:
      return move_pixels(shape_, parameters, move_room_, pixels);
    case OperationKind::kErase:
      return blacken({parameters[0], parameters[1], parameters[2], parameters[3]}, shape_, pixels);
    case OperationKind::kSaturation:
      return saturate(parameters[0], shape_, pixels);
    case OperationKind::kHue:
      return turn_hue(parameters[0], shape_, pixels);
    case OperationKind::kGrayscale:
      return make_gray(shape_, pixels);
    case OperationKind::kBlur:
      return blur(parameters[0], parameters[1], shape_, sums_, pixels);
    case OperationKind::kSharpness: {
      const std::uint8_t* source = copy_of(pixels);
      return sharpen(source, parameters[0], shape_, pixels);
    }
    case OperationKind::kBrightness:
    case OperationKind::kContrast:
    case OperationKind::kPosterize:
    case OperationKind::kSolarize:
    case OperationKind::kAutoContrast:
    case OperationKind::kEqualize:
    case OperationKind::kInvert:
      return change_tones(operation, shape_, pixels);
  }
}

const std::uint8_t* PixelOperations::copy_of(const std::uint8_t* pixels) {
  copy_.resize(static_cast<std::size_t>(shape_.channels * shape_.height * shape_.width));
  std::memcpy(copy_.data(), pixels, copy_.size());
  return copy_.data();
}

}  // namespace tandem
