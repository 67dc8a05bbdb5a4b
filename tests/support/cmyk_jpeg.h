#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <jpeglib.h>  // needs <cstdio>

namespace tandem {

/// How printers' JPEGs differ.
struct CmykKind {
  J_COLOR_SPACE stored = JCS_CMYK;  ///< or JCS_YCCK
  bool adobe_marker = false;        ///< with which files hold 255 - ink
};

/// A JPEG of the best quality of four bytes a pixel, cyan, magenta, yellow and black.
inline std::vector<std::uint8_t> cmyk_jpeg_bytes(unsigned width, unsigned height,
                                                 std::vector<std::uint8_t> inks,
                                                 const CmykKind& kind = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = width;
  info.image_height = height;
  info.input_components = 4;
  info.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, kind.stored);
  jpeg_set_quality(&info, 100, TRUE);
  info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
  info.write_Adobe_marker = kind.adobe_marker ? TRUE : FALSE;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = inks.data() + std::size_t{4} * width * info.next_scanline;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::vector<std::uint8_t> bytes(buffer, buffer + size);
  std::free(buffer);
  return bytes;
}

}  // namespace tandem
