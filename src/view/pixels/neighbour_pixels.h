#pragma once

#include <cstdint>
#include <vector>

#include "tandem/dataset/dataset.h"

namespace tandem {

/// Gaussian blur with 2 `radius` + 1 taps an axis and a standard deviation of `sigma` / 1024;
/// beyond the border the image is mirrored. `sums` is room to work in.
void blur(std::int32_t radius, std::int32_t sigma, const ImageShape& shape,
          std::vector<std::uint32_t>& sums, std::uint8_t* pixels);

/// Blends `source` with its smoothed self, by a factor in units of 1/65536; border pixels stay.
void sharpen(const std::uint8_t* source, std::int32_t factor, const ImageShape& shape,
             std::uint8_t* output);

}  // namespace tandem
