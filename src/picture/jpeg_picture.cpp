#include "jpeg_picture.h"

#include <fmt/format.h>

#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <new>
#include <string_view>

#include <jpeglib.h>  // needs <cstdio>

#include <jerror.h>  // needs jpeglib.h

namespace tandem {
namespace {

/// A few bytes can ask for any number of passes over a large picture.
constexpr int kMostScans = 500;
/// Each 8 x 8 block takes a Huffman code at least, hence a bit.
constexpr std::int64_t kMostPixelsInAByte = 8 * 64;
constexpr std::int64_t kPackedBetter = 16;  // by arithmetic coding, far beyond any real picture
constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr std::size_t kLongestMarker = 0xffff;
constexpr std::array<unsigned, 4> kReductions{8, 4, 2, 1};

/// The library goes on after these with pixels that are not the picture's.
bool is_damage(int code) {
  switch (code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      return true;
    default:
      return false;
  }
}

/// libjpeg reports errors by a function that must not return. An exception may not cross its
/// frames, hence setjmp: the methods that set it hold nothing that needs a destructor.
class JpegReader {
 public:
  explicit JpegReader(std::span<const std::byte> bytes) : bytes_(bytes) {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = leave;
    errors_.emit_message = on_message;
    progress_.progress_monitor = on_progress;
  }
  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  OrientedPicture read(std::int64_t least_side) {
    if (!read_header()) {
      refuse();
    }
    check_extent(info_.image_width, info_.image_height, std::ssize(bytes_),
                 info_.arith_code != 0 ? kPackedBetter * kMostPixelsInAByte : kMostPixelsInAByte);
    if (!choose_scale(least_side)) {
      refuse();
    }
    const auto reduction = static_cast<std::int64_t>(info_.scale_denom);
    OrientedPicture result{.picture = {.width = info_.output_width,
                                       .height = info_.output_height,
                                       .rgb = {},
                                       .full_width = info_.image_width,
                                       .full_height = info_.image_height,
                                       .reduction = reduction},
                           .orientation = orientation()};
    result.picture.rgb.resize(std::size_t{3} * info_.output_width * info_.output_height);
    const bool four_channels = info_.out_color_space == JCS_CMYK;
    row_.resize(four_channels ? std::size_t{4} * info_.output_width : 0);
    if (!read_pixels(result.picture.rgb.data())) {
      refuse();
    }
    return result;
  }

 private:
  static JpegReader& of(j_common_ptr info) { return *static_cast<JpegReader*>(info->client_data); }

  [[noreturn]] static void leave(j_common_ptr info) {
    JpegReader& reader = of(info);
    info->err->format_message(info, reader.message_);
    reader.failed_code_ = info->err->msg_code;
    std::longjmp(reader.back_, 1);
  }

  static void on_message(j_common_ptr info, int level) {
    if (level < 0 && is_damage(info->err->msg_code)) {
      leave(info);
    }
  }

  static void on_progress(j_common_ptr info) {
    JpegReader& reader = of(info);
    if (reader.info_.input_scan_number > kMostScans) {
      std::strcpy(reader.message_, "hundreds of scans");
      std::longjmp(reader.back_, 1);
    }
  }

  [[noreturn]] void refuse() const {
    if (failed_code_ == JERR_OUT_OF_MEMORY || failed_code_ == JERR_NO_BACKING_STORE) {
      throw std::bad_alloc();  // which says nothing about the picture
    }
    const bool cut = failed_code_ == JWRN_JPEG_EOF || failed_code_ == JWRN_HIT_MARKER ||
                     failed_code_ == JERR_INPUT_EOF;
    throw PictureError(fmt::format("a {} JPEG ({})", cut ? "truncated" : "damaged", message_));
  }

  bool read_header() {
    if (setjmp(back_) != 0) {
      return false;
    }
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
    jpeg_save_markers(&info_, kExifMarker, kLongestMarker);
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  bool choose_scale(std::int64_t least_side) {
    if (setjmp(back_) != 0) {
      return false;
    }
    const bool four = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    info_.out_color_space = four ? JCS_CMYK : JCS_RGB;
    // Reduced, the last column stands for fewer than the others: mirrored, it would be the first.
    const bool mirrored = orientation() != 1;
    for (const unsigned reduction : kReductions) {
      info_.scale_num = 1;
      info_.scale_denom = reduction;
      jpeg_calc_output_dimensions(&info_);
      const bool even = info_.image_width % reduction == 0 && info_.image_height % reduction == 0;
      if (least_side > 0 && info_.output_width >= least_side && info_.output_height >= least_side &&
          (even || !mirrored)) {
        break;
      }
    }
    return true;
  }

  bool read_pixels(std::uint8_t* output) {
    if (setjmp(back_) != 0) {
      return false;
    }
    jpeg_start_decompress(&info_);
    while (info_.output_scanline < info_.output_height) {
      std::uint8_t* target = output + std::size_t{3} * info_.output_width * info_.output_scanline;
      JSAMPROW row = row_.empty() ? target : row_.data();
      jpeg_read_scanlines(&info_, &row, 1);
      if (!row_.empty()) {
        cmyk_to_rgb(target);
      }
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  /// Each ink takes its share of the light that black lets through. Files with Adobe's marker hold
  /// 255 - ink (libjpeg.txt, "CMYK").
  void cmyk_to_rgb(std::uint8_t* target) const {
    const unsigned flip = info_.saw_Adobe_marker ? 0 : 255;
    const std::uint8_t* source = row_.data();
    for (unsigned x = 0; x < info_.output_width; ++x, source += 4, target += 3) {
      const unsigned light = source[3] ^ flip;
      for (int channel = 0; channel < 3; ++channel) {
        target[channel] = static_cast<std::uint8_t>(((source[channel] ^ flip) * light + 127) / 255);
      }
    }
  }

  int orientation() const {
    for (auto* marker = info_.marker_list; marker != nullptr; marker = marker->next) {
      constexpr std::string_view kPrefix{"Exif\0\0", 6};
      const std::span data(reinterpret_cast<const std::byte*>(marker->data), marker->data_length);
      if (marker->marker == kExifMarker && data.size() > kPrefix.size() &&
          std::memcmp(data.data(), kPrefix.data(), kPrefix.size()) == 0) {
        return exif_orientation(data.subspan(kPrefix.size()));
      }
    }
    return 1;
  }

  std::span<const std::byte> bytes_;
  std::jmp_buf back_;
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
  char message_[JMSG_LENGTH_MAX] = {};
  int failed_code_ = 0;
  std::vector<std::uint8_t> row_;  ///< of CMYK
};

}  // namespace

OrientedPicture read_jpeg(std::span<const std::byte> bytes, std::int64_t least_side) {
  return JpegReader(bytes).read(least_side);
}

}  // namespace tandem
