#include "tandem/picture/png.h"

#include <fmt/format.h>
#include <png.h>

#include <stdexcept>

namespace tandem {

std::string encode_png(const torch::Tensor& image) {
  const bool fits = image.defined() && image.dim() == 3 && image.scalar_type() == torch::kUInt8 &&
                    (image.size(0) == 1 || image.size(0) == 3) && image.numel() > 0;
  if (!fits) {
    std::string found = "no tensor";
    if (image.defined()) {
      found = fmt::format("{} [{}]", c10::toString(image.scalar_type()),
                          fmt::join(image.sizes().begin(), image.sizes().end(), ", "));
    }
    throw std::invalid_argument(
        fmt::format("encode_png: expected uint8 [1 or 3, height, width], found {}", found));
  }
  const torch::Tensor rows = image.permute({1, 2, 0}).contiguous().cpu();
  png_image header = {};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(rows.size(1));
  header.height = static_cast<png_uint_32>(rows.size(0));
  header.format = rows.size(2) == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;

  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&header, bytes.data(), &size, 0, rows.data_ptr(), 0, nullptr) ==
      0) {
    throw std::runtime_error(fmt::format("encode_png: {}", header.message));
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace tandem
