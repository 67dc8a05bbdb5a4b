#pragma once

#include <torch/types.h>

#include <string>

namespace tandem {

/// The bytes of a PNG file of `image`, uint8 [1, height, width] (grey) or [3, height, width] (RGB).
/// Throws std::invalid_argument for another type or shape.
std::string encode_png(const torch::Tensor& image);

}  // namespace tandem
