#include "picture_rows.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {

torch::Tensor picture_rows(const torch::Tensor& image, const std::string& who) {
  const bool fits = image.defined() && image.dim() == 3 && image.scalar_type() == torch::kUInt8 &&
                    (image.size(0) == 1 || image.size(0) == 3) && image.numel() > 0;
  if (!fits) {
    std::string found = "no tensor";
    if (image.defined()) {
      found = fmt::format("{} [{}]", c10::toString(image.scalar_type()),
                          fmt::join(image.sizes().begin(), image.sizes().end(), ", "));
    }
    throw std::invalid_argument(
        fmt::format("{}: expected uint8 [1 or 3, height, width], found {}", who, found));
  }
  return image.permute({1, 2, 0}).contiguous().cpu();
}

}  // namespace tandem
