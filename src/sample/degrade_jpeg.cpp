#include <torch/types.h>

#include <string>

#include "degrade_pixels.h"
#include "tandem/picture/jpeg.h"
#include "tandem/picture/picture.h"

namespace tandem {

void compress_as_jpeg(std::span<std::uint8_t> image, const ImageShape& shape, int quality) {
  const torch::Tensor planes =
      torch::from_blob(image.data(), {shape.channels, shape.height, shape.width}, torch::kUInt8);
  const std::string bytes = encode_jpeg(planes, {.quality = quality});
  Picture picture = decode_picture(std::as_bytes(std::span(bytes)));
  // Of grey images all three channels are the same.
  planes.copy_(torch::from_blob(picture.rgb.data(), {shape.height, shape.width, 3}, torch::kUInt8)
                   .permute({2, 0, 1})
                   .narrow(0, 0, shape.channels));
}

}  // namespace tandem
