#include "tandem/picture/png.h"

#include <fmt/format.h>
#include <png.h>

#include <stdexcept>

#include "picture_rows.h"

namespace tandem {

std::string encode_png(const torch::Tensor& image) {
  const torch::Tensor rows = picture_rows(image, "encode_png");
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
