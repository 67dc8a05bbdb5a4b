#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tandem/core/key.h"
#include "tandem/dataset/dataset.h"

namespace tandem {

/// A small data set that a small network can learn: class c is a bright bar at its own height on a
/// noisy ground. Not left-right symmetric bars, so flips and crops keep the class.
inline Dataset toy_dataset(std::int64_t per_class = 40, std::int64_t classes = 4,
                           std::uint64_t seed = 1, std::int64_t side = 12) {
  const std::int64_t size = per_class * classes;
  torch::Tensor images = torch::empty({size, 1, side, side}, torch::kUInt8);
  torch::Tensor labels = torch::empty({size}, torch::kInt64);
  RandomStream random({seed, Stream::kSubset});
  std::uint8_t* pixel = images.data_ptr<std::uint8_t>();
  std::vector<std::string> names;
  for (std::int64_t c = 0; c < classes; ++c) {
    names.push_back("bar " + std::to_string(c));
  }
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int64_t label = i % classes;
    labels[i] = label;
    const std::int64_t bar = (2 * label + 1) * side / (2 * classes);
    for (std::int64_t y = 0; y < side; ++y) {
      for (std::int64_t x = 0; x < side; ++x) {
        *pixel++ = static_cast<std::uint8_t>(random.below(120) + (y == bar ? 100 : 0));
      }
    }
  }
  return Dataset("toy", images, labels, names);
}

}  // namespace tandem
