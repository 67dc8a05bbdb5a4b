#pragma once

#include <torch/types.h>

#include <string>

namespace tandem {

/// The image as an encoder takes it, uint8 [height, width, channels]. Throws std::invalid_argument
/// that begins with `who` unless it is uint8 [1 or 3, height, width].
torch::Tensor picture_rows(const torch::Tensor& image, const std::string& who);

}  // namespace tandem
