#include <torch/types.h>

#include <stdexcept>
#include <utility>

#include "pixels/pixel_map.h"
#include "tandem/view/apply.h"

namespace tandem {

torch::Tensor normalise(const torch::Tensor& pixels, const Normalisation& normalisation) {
  if (!pixels.defined() || pixels.scalar_type() != torch::kUInt8 || pixels.dim() != 4 ||
      !pixels.is_contiguous() || !pixels.device().is_cpu()) {
    throw std::invalid_argument(
        "normalise: expected contiguous uint8 pixels [n, channels, height, width] on the CPU");
  }
  const PixelMap map(normalisation, pixels.size(1));
  torch::Tensor images = torch::empty(pixels.sizes(), torch::kFloat32);
  const std::int64_t area = pixels.size(2) * pixels.size(3), size = pixels.size(1) * area;
  for (std::int64_t k = 0; k < pixels.size(0); ++k) {
    map.apply(pixels.data_ptr<std::uint8_t>() + k * size, area,
              images.data_ptr<float>() + k * size);
  }
  return images;
}

}  // namespace tandem
