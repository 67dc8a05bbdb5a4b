#pragma once

#include <torch/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "tandem/core/tensor_bytes.h"

namespace tandem {

/// Two batches of two images and a test batch of two, as CIFAR-10 has five of 10,000.
struct SmallCifar {
  torch::Tensor images = torch::arange(3 * 2 * 1024 * 3)
                             .remainder(251)
                             .to(torch::kUInt8)
                             .reshape({3, 2, 1024, 3});  // batch, image, pixel, channel

  /// The binary batch as its authors have it; `labels` is a byte an image.
  std::string batch(std::int64_t number, const std::string& labels) const {
    std::string bytes;
    for (std::int64_t image = 0; image < 2; ++image) {
      bytes += labels[static_cast<std::size_t>(image)];
      const torch::Tensor planes = images[number][image].t().contiguous();
      const std::span<const std::byte> pixels = bytes_of(planes);
      bytes.append(reinterpret_cast<const char*>(pixels.data()), pixels.size());
    }
    return bytes;
  }

  /// What the npm package holds of it: a picture whose rows are images, uint8 [3, 2, 1024].
  torch::Tensor picture(std::int64_t number) const { return images[number].permute({2, 0, 1}); }
};

}  // namespace tandem
