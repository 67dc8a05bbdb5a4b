#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tandem/core/key.h"
#include "tandem/dataset/dataset.h"

namespace tandem {

/// `size` samples of random pixels in three classes that come in turns.
inline Dataset noise_dataset(std::int64_t size, const ImageShape& shape, std::uint64_t seed = 1) {
  torch::Tensor images =
      torch::empty({size, shape.channels, shape.height, shape.width}, torch::kUInt8);
  RandomStream random({seed, Stream::kInit, 0, 0});
  for (std::int64_t k = 0; k < images.numel(); ++k) {
    images.data_ptr<std::uint8_t>()[k] = static_cast<std::uint8_t>(random.below(256));
  }
  return Dataset("noise", images, torch::arange(size).remainder(3), {"a", "b", "c"});
}

}  // namespace tandem
