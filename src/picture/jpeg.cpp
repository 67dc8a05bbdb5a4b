#include "tandem/picture/jpeg.h"

#include <fmt/format.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <jpeglib.h>  // needs <cstdio>

#include "picture_rows.h"

namespace tandem {
namespace {

/// libjpeg reports errors by a function that must not return, hence setjmp: write() holds nothing
/// that needs a destructor.
class JpegWriter {
 public:
  JpegWriter(const torch::Tensor& rows, const JpegOptions& options)
      : rows_(rows), options_(options) {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = leave;
    errors_.output_message = [](j_common_ptr) {};
  }
  ~JpegWriter() {
    jpeg_destroy_compress(&info_);
    std::free(bytes_);
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  std::string bytes() {
    if (!write()) {
      throw std::runtime_error(fmt::format("encode_jpeg: {}", message_));
    }
    return {reinterpret_cast<const char*>(bytes_), size_};
  }

 private:
  [[noreturn]] static void leave(j_common_ptr info) {
    auto& writer = *static_cast<JpegWriter*>(info->client_data);
    info->err->format_message(info, writer.message_);
    std::longjmp(writer.back_, 1);
  }

  bool write() {
    if (setjmp(back_) != 0) {
      return false;
    }
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &bytes_, &size_);
    info_.image_height = static_cast<JDIMENSION>(rows_.size(0));
    info_.image_width = static_cast<JDIMENSION>(rows_.size(1));
    info_.input_components = static_cast<int>(rows_.size(2));
    info_.in_color_space = rows_.size(2) == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, options_.quality, TRUE);
    info_.dct_method = JDCT_ISLOW;
    if (!options_.half_chroma) {
      info_.comp_info[0].h_samp_factor = info_.comp_info[0].v_samp_factor = 1;
    }
    if (options_.progressive) {
      jpeg_simple_progression(&info_);
    }
    jpeg_start_compress(&info_, TRUE);
    JSAMPROW row = rows_.data_ptr<std::uint8_t>();
    while (info_.next_scanline < info_.image_height) {
      jpeg_write_scanlines(&info_, &row, 1);
      row += rows_.stride(0);
    }
    jpeg_finish_compress(&info_);
    return true;
  }

  const torch::Tensor& rows_;  ///< uint8 [height, width, channels]
  const JpegOptions& options_;
  std::jmp_buf back_;
  jpeg_error_mgr errors_{};
  jpeg_compress_struct info_{};
  char message_[JMSG_LENGTH_MAX] = {};
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

std::string encode_jpeg(const torch::Tensor& image, const JpegOptions& options) {
  if (options.quality < 1 || options.quality > 100) {
    throw std::invalid_argument(
        fmt::format("encode_jpeg: expected a quality of 1..100, got {}", options.quality));
  }
  const torch::Tensor rows = picture_rows(image, "encode_jpeg");
  if (std::max(rows.size(0), rows.size(1)) > JPEG_MAX_DIMENSION) {
    throw std::invalid_argument(
        fmt::format("encode_jpeg: expected sides of at most {}, got {} x {}", JPEG_MAX_DIMENSION,
                    rows.size(1), rows.size(0)));
  }
  return JpegWriter(rows, options).bytes();
}

}  // namespace tandem
