#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <jpeglib.h>

#include "degrade_pixels.h"

namespace tandem {
namespace {

/// libjpeg ends the program on an error unless told to jump.
struct JpegErrors {
  jpeg_error_mgr manager;
  std::jmp_buf place;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void jump_out(j_common_ptr info) {
  auto* errors = reinterpret_cast<JpegErrors*>(info->err);
  (*info->err->format_message)(info, errors->message);
  std::longjmp(errors->place, 1);
}

void keep_quiet(j_common_ptr) {}

void set_errors(JpegErrors& errors) {
  jpeg_std_error(&errors.manager);
  errors.manager.error_exit = jump_out;
  errors.manager.output_message = keep_quiet;
}

/// Nothing in the next two functions needs a destructor, which a jump would leave out.
bool write_jpeg(const std::uint8_t* rows, const ImageShape& shape, int quality, JpegErrors& errors,
                unsigned char** bytes, unsigned long* size) {
  jpeg_compress_struct info{};
  set_errors(errors);
  info.err = &errors.manager;
  if (setjmp(errors.place) != 0) {
    jpeg_destroy_compress(&info);
    return false;
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, bytes, size);
  info.image_width = static_cast<JDIMENSION>(shape.width);
  info.image_height = static_cast<JDIMENSION>(shape.height);
  info.input_components = static_cast<int>(shape.channels);
  info.in_color_space = shape.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  info.dct_method = JDCT_ISLOW;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<JSAMPROW>(rows + info.next_scanline * shape.width * shape.channels);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return true;
}

bool read_jpeg(const unsigned char* bytes, unsigned long size, const ImageShape& shape,
               JpegErrors& errors, std::uint8_t* rows) {
  jpeg_decompress_struct info{};
  set_errors(errors);
  info.err = &errors.manager;
  if (setjmp(errors.place) != 0) {
    jpeg_destroy_decompress(&info);
    return false;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, bytes, size);
  jpeg_read_header(&info, TRUE);
  info.out_color_space = shape.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  info.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&info);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = rows + info.output_scanline * shape.width * shape.channels;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return true;
}

}  // namespace

void compress_as_jpeg(std::span<std::uint8_t> image, const ImageShape& shape, int quality) {
  const std::int64_t area = shape.height * shape.width;
  std::vector<std::uint8_t> rows(image.size());
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    for (std::int64_t pixel = 0; pixel < area; ++pixel) {
      rows[static_cast<std::size_t>(pixel * shape.channels + channel)] =
          image[static_cast<std::size_t>(channel * area + pixel)];
    }
  }
  JpegErrors errors;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const bool done = write_jpeg(rows.data(), shape, quality, errors, &bytes, &size) &&
                    read_jpeg(bytes, size, shape, errors, rows.data());
  std::free(bytes);
  if (!done) {
    throw std::runtime_error(std::string("jpeg: ") + errors.message);
  }
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    for (std::int64_t pixel = 0; pixel < area; ++pixel) {
      image[static_cast<std::size_t>(channel * area + pixel)] =
          rows[static_cast<std::size_t>(pixel * shape.channels + channel)];
    }
  }
}

}  // namespace tandem
