#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tandem/core/key.h"
#include "tandem/dataset/dataset.h"

namespace tandem {

// Each changes one image [channels, height, width] in place; Degradation says what they do.

class Blur {
 public:
  explicit Blur(double sigma);
  void apply(std::span<std::uint8_t> image, const ImageShape& shape) const;

 private:
  std::vector<std::int64_t> weights_;  ///< of the pixels -radius..radius, in units of 1/65536
};

void add_noise(std::span<std::uint8_t> image, double stddev, const Key& key);

void reduce_resolution(std::span<std::uint8_t> image, const ImageShape& shape, double factor);

/// Writes at `quality` and reads again. `image` has one or three channels.
void compress_as_jpeg(std::span<std::uint8_t> image, const ImageShape& shape, int quality);

}  // namespace tandem
