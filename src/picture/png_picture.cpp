#include "png_picture.h"

#include <fmt/format.h>
#include <png.h>

#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include "tandem/core/deflate_bound.h"

namespace tandem {
namespace {

constexpr const char* kEndsEarly = "the file ends early";

/// libpng reports errors by a function that must not return, like libjpeg: the methods that call
/// setjmp hold nothing that needs a destructor.
class PngReader {
 public:
  explicit PngReader(std::span<const std::byte> bytes) : rest_(bytes), size_(std::ssize(bytes)) {
    png_ = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, this, leave, on_warning, this, allocate,
                                    release);
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  OrientedPicture read() {
    if (!read_header()) {
      refuse();
    }
    const std::int64_t width = png_get_image_width(png_, info_);
    const std::int64_t height = png_get_image_height(png_, info_);
    check_extent(width, height, size_, 8 * kMostDeflated / bits_);
    OrientedPicture result{
        .picture = {.width = width,
                    .height = height,
                    .rgb = std::vector<std::uint8_t>(static_cast<std::size_t>(3 * width * height))},
        .orientation = 1};
    for (std::int64_t y = 0; y < height; ++y) {
      rows_.push_back(result.picture.rgb.data() + 3 * width * y);
    }
    if (!read_pixels()) {
      refuse();
    }
    png_bytep exif = nullptr;
    png_uint_32 count = 0;
    if (png_get_eXIf_1(png_, info_, &count, &exif) != 0) {
      result.orientation = exif_orientation({reinterpret_cast<const std::byte*>(exif), count});
    }
    return result;
  }

 private:
  [[noreturn]] static void leave(png_structp png, png_const_charp message) {
    auto& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
    std::strncpy(reader.message_, message, sizeof(reader.message_) - 1);
    std::longjmp(reader.back_, 1);
  }

  static void on_warning(png_structp, png_const_charp) {}

  static png_voidp allocate(png_structp png, png_alloc_size_t size) {
    png_voidp memory = std::malloc(size);
    if (memory == nullptr) {
      static_cast<PngReader*>(png_get_mem_ptr(png))->out_of_memory_ = true;
    }
    return memory;
  }

  static void release(png_structp, png_voidp memory) { std::free(memory); }

  static void give(png_structp png, png_bytep target, std::size_t count) {
    auto& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > reader.rest_.size()) {
      png_error(png, kEndsEarly);
    }
    std::memcpy(target, reader.rest_.data(), count);
    reader.rest_ = reader.rest_.subspan(count);
  }

  [[noreturn]] void refuse() const {
    if (out_of_memory_) {
      throw std::bad_alloc();  // which says nothing about the picture
    }
    const bool cut = std::string_view(message_) == kEndsEarly;
    throw PictureError(fmt::format("a {} PNG ({})", cut ? "truncated" : "damaged", message_));
  }

  bool read_header() {
    if (setjmp(back_) != 0) {
      return false;
    }
    png_set_read_fn(png_, this, give);
    png_read_info(png_, info_);
    bits_ = png_get_bit_depth(png_, info_) * png_get_channels(png_, info_);
    png_set_scale_16(png_);
    png_set_palette_to_rgb(png_);
    png_set_expand_gray_1_2_4_to_8(png_);
    png_set_gray_to_rgb(png_);
    png_set_strip_alpha(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    if (png_get_rowbytes(png_, info_) != std::size_t{3} * png_get_image_width(png_, info_)) {
      png_error(png_, "rows of another size than RGB has");
    }
    return true;
  }

  bool read_pixels() {
    if (setjmp(back_) != 0) {
      return false;
    }
    png_read_image(png_, rows_.data());
    png_read_end(png_, info_);
    return true;
  }

  std::span<const std::byte> rest_;
  std::int64_t size_;
  std::int64_t bits_ = 1;  ///< of a pixel in the file
  std::jmp_buf back_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  char message_[128] = {};
  bool out_of_memory_ = false;
  std::vector<png_bytep> rows_;
};

}  // namespace

OrientedPicture read_png(std::span<const std::byte> bytes) {
  return PngReader(bytes).read();
}

}  // namespace tandem
