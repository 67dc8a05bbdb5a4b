#include "jpeg_part.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <stdexcept>

#include <jpeglib.h>  // needs <cstdio>

#include <jerror.h>  // needs jpeglib.h

namespace tandem::bench {
namespace {

/// Of the picture's size, best first. Others of eighths exist but are slower than the whole.
constexpr std::array<unsigned, 4> kJpegReductions{8, 4, 2, 1};

/// A few bytes can ask for any number of passes over a large picture.
constexpr int kMostJpegScans = 500;

constexpr std::int64_t kMostPixels = std::int64_t{1} << 28;

/// Pixels beside the crop whose colours reach into it when chroma is scaled up.
constexpr std::int64_t kChromaReach = 4;

/// libjpeg reports errors by a function that must not return, and an exception may not cross its
/// frames: hence setjmp. The methods that set it hold nothing that needs a destructor.
class JpegPartReader {
 public:
  explicit JpegPartReader(const JpegFile& file) : file_(file) {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = leave;
    errors_.emit_message = on_message;
    progress_.progress_monitor = on_progress;
    if (!read_header()) {
      refuse("that is whole", message_);
    }
    if (info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK) {
      refuse("in RGB or greyscale", "CMYK");
    }
    if (width() * height() > kMostPixels) {
      refuse("of at most 2^28 pixels", fmt::format("{} x {}", width(), height()));
    }
  }
  ~JpegPartReader() { jpeg_destroy_decompress(&info_); }
  JpegPartReader(const JpegPartReader&) = delete;
  JpegPartReader& operator=(const JpegPartReader&) = delete;

  std::int64_t width() const { return info_.image_width; }
  std::int64_t height() const { return info_.image_height; }

  void read(const Box& crop, std::int64_t height, std::int64_t width, JpegPart& part) {
    info_.out_color_space = JCS_RGB;
    info_.scale_num = 1;
    for (const unsigned reduction : kJpegReductions) {
      info_.scale_denom = reduction;
      if (crop.width >= width * reduction && crop.height >= height * reduction) {
        break;
      }
    }
    if (!start(crop)) {
      refuse("that is whole", message_);
    }
    const double scale = 1.0 / info_.scale_denom;
    part.width = info_.output_width;  // of the part
    part.height = last_row_ - first_row_;
    part.crop_left = crop.left * scale - first_column_;
    part.crop_top = crop.top * scale - static_cast<double>(first_row_);
    part.crop_width = crop.width * scale;
    part.crop_height = crop.height * scale;
    part.rgb.resize(static_cast<std::size_t>(3 * part.width * part.height));
    if (!read_rows(part.rgb.data())) {
      refuse("that is whole", message_);
    }
  }

 private:
  static JpegPartReader& of(j_common_ptr info) {
    return *static_cast<JpegPartReader*>(info->client_data);
  }

  [[noreturn]] static void leave(j_common_ptr info) {
    JpegPartReader& reader = of(info);
    info->err->format_message(info, reader.message_);
    std::longjmp(reader.back_, 1);
  }

  /// After these the library goes on with pixels that are not the picture's.
  static void on_message(j_common_ptr info, int level) {
    const int code = info->err->msg_code;
    if (level < 0 &&
        (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE ||
         code == JWRN_ARITH_BAD_CODE || code == JWRN_MUST_RESYNC)) {
      leave(info);
    }
  }

  static void on_progress(j_common_ptr info) {
    JpegPartReader& reader = of(info);
    if (reader.info_.input_scan_number > kMostJpegScans) {
      std::snprintf(reader.message_, sizeof(reader.message_), "hundreds of scans");
      std::longjmp(reader.back_, 1);
    }
  }

  [[noreturn]] void refuse(const std::string& expected, const std::string& found) {
    jpeg_destroy_decompress(&info_);  // for a constructor that throws; twice does no harm
    throw std::runtime_error(
        fmt::format("{}: expected a JPEG {}, found {}", file_.path, expected, found));
  }

  bool read_header() {
    if (setjmp(back_) != 0) {
      return false;
    }
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(file_.bytes.data()),
                 file_.bytes.size());
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  /// Decides rows and columns, and skips to the first.
  bool start(const Box& crop) {
    if (setjmp(back_) != 0) {
      return false;
    }
    jpeg_start_decompress(&info_);
    const std::int64_t reduction = info_.scale_denom;
    const std::int64_t width = info_.output_width, height = info_.output_height;
    const auto beyond = [&](std::int64_t place) { return (place + reduction - 1) / reduction; };
    first_row_ = crop.top / reduction;
    last_row_ = std::min(beyond(std::int64_t{crop.top} + crop.height), height);
    const std::int64_t left = std::max<std::int64_t>(crop.left / reduction - kChromaReach, 0);
    const std::int64_t right =
        std::min(beyond(std::int64_t{crop.left} + crop.width) + kChromaReach, width);
    first_column_ = static_cast<JDIMENSION>(left);
    JDIMENSION columns = static_cast<JDIMENSION>(right - left);
    jpeg_crop_scanline(&info_, &first_column_, &columns);
    if (first_row_ > 0) {
      jpeg_skip_scanlines(&info_, static_cast<JDIMENSION>(first_row_));
    }
    return true;
  }

  /// The rest of the file is not looked at.
  bool read_rows(std::uint8_t* rgb) {
    if (setjmp(back_) != 0) {
      return false;
    }
    while (info_.output_scanline < last_row_) {
      JSAMPROW row = rgb + std::size_t{3} * info_.output_width *
                               (info_.output_scanline - static_cast<std::size_t>(first_row_));
      jpeg_read_scanlines(&info_, &row, 1);
    }
    return true;
  }

  const JpegFile& file_;
  std::jmp_buf back_;
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
  char message_[JMSG_LENGTH_MAX] = {};
  std::int64_t first_row_ = 0, last_row_ = 0;
  JDIMENSION first_column_ = 0;
};

void check_jpeg_crop(const JpegFile& file, const Box& crop, std::int64_t height,
                     std::int64_t width) {
  const bool inside = crop.left >= 0 && crop.top >= 0 && crop.width >= 1 && crop.height >= 1 &&
                      crop.width <= width - crop.left && crop.height <= height - crop.top;
  if (!inside) {
    throw std::invalid_argument(
        fmt::format("{}: expected a crop within {} x {} pixels, found {} x {} at ({}, {})",
                    file.path, width, height, crop.width, crop.height, crop.left, crop.top));
  }
}

}  // namespace

ImageShape shape_of(const JpegFile& file) {
  const JpegPartReader reader(file);
  return {.channels = 3, .height = reader.height(), .width = reader.width()};
}

void decode_part(const JpegFile& file, const Box& crop, std::int64_t height, std::int64_t width,
                 JpegPart& part) {
  JpegPartReader reader(file);
  check_jpeg_crop(file, crop, reader.height(), reader.width());
  reader.read(crop, height, width, part);
}

}  // namespace tandem::bench
