#pragma once

#include <torch/types.h>

#include <cstdint>

#include "tandem/core/key.h"
#include "tandem/dataset/dataset.h"

namespace tandem {

/// Standard normal fp32 [n, channels, height, width]; equal seeds give equal images.
inline torch::Tensor random_images(std::int64_t n, const ImageShape& shape, std::uint64_t seed) {
  torch::Tensor images = torch::empty({n, shape.channels, shape.height, shape.width});
  RandomStream random({.seed = seed, .stream = Stream::kOrder});
  float* pixel = images.data_ptr<float>();
  for (std::int64_t i = 0; i < images.numel(); ++i) {
    pixel[i] = static_cast<float>(random.normal());
  }
  return images;
}

}  // namespace tandem
