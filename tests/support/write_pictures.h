#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <vector>

#include <jpeglib.h>  // needs <cstdio>
#include <png.h>

#include "files.h"

namespace tandem {

/// A picture as it is written: `channels` bytes a pixel (two of PNG's 16 bits each).
struct RawPicture {
  unsigned width = 0;
  unsigned height = 0;
  int channels = 3;
  Bytes values;
};

/// Every pixel of one colour.
inline RawPicture plain_picture(unsigned width, unsigned height, const Bytes& colour) {
  RawPicture raw{width, height, static_cast<int>(colour.size()), {}};
  for (unsigned k = 0; k < width * height; ++k) {
    raw.values.insert(raw.values.end(), colour.begin(), colour.end());
  }
  return raw;
}

/// Smooth, and different in every corner and channel.
inline RawPicture ramp_picture(unsigned width, unsigned height) {
  RawPicture raw{width, height, 3, {}};
  for (unsigned y = 0; y < height; ++y) {
    for (unsigned x = 0; x < width; ++x) {
      raw.values.push_back(static_cast<std::uint8_t>(255 * x / width));
      raw.values.push_back(static_cast<std::uint8_t>(255 * y / height));
      raw.values.push_back(static_cast<std::uint8_t>(40 + 60 * x / width));
    }
  }
  return raw;
}

struct JpegKind {
  J_COLOR_SPACE given = JCS_RGB;
  J_COLOR_SPACE stored = JCS_YCbCr;
  bool adobe_marker = false;
  Bytes exif;  ///< of an APP1 marker; empty: none
};

/// A JPEG of the best quality, without subsampling.
inline Bytes jpeg_bytes(const RawPicture& raw, const JpegKind& kind = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = raw.width;
  info.image_height = raw.height;
  info.input_components = raw.channels;
  info.in_color_space = kind.given;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, kind.stored);
  jpeg_set_quality(&info, 100, TRUE);
  info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
  info.write_Adobe_marker = kind.adobe_marker ? TRUE : FALSE;
  jpeg_start_compress(&info, TRUE);
  if (!kind.exif.empty()) {
    jpeg_write_marker(&info, JPEG_APP0 + 1, kind.exif.data(),
                      static_cast<unsigned>(kind.exif.size()));
  }
  while (info.next_scanline < info.image_height) {
    const std::size_t row_size = std::size_t{raw.width} * static_cast<unsigned>(raw.channels);
    auto* row = const_cast<JSAMPROW>(raw.values.data() + info.next_scanline * row_size);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  Bytes bytes(buffer, buffer + size);
  std::free(buffer);
  return bytes;
}

/// EXIF data of either byte order that states an orientation, as it stands in a JPEG's marker.
inline Bytes exif_bytes(std::uint8_t orientation, bool little = true) {
  Bytes bytes = {'E', 'x', 'i', 'f', 0, 0};
  const auto number = [&](std::uint32_t value, int width) {
    for (int k = 0; k < width; ++k) {
      bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (little ? k : width - 1 - k)));
    }
  };
  number(little ? 0x4949 : 0x4d4d, 2);
  number(42, 2);
  number(8, 4);       // where the entries stand
  number(2, 2);       // of them
  number(0x010f, 2);  // make: text of up to four letters stands in the entry
  number(2, 2);
  number(4, 4);
  number(0, 4);
  number(0x0112, 2);  // orientation
  number(3, 2);
  number(1, 4);
  number(orientation, 2);
  number(0, 2);
  number(0, 4);
  return bytes;
}

struct PngKind {
  int bits = 8;
  int colour = PNG_COLOR_TYPE_RGB;
  std::vector<png_color> palette;
  bool interlaced = false;
  Bytes exif;  ///< without the prefix of a JPEG's marker
};

inline Bytes png_bytes(const RawPicture& raw, const PngKind& kind = {}) {
  Bytes bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp writer, png_bytep data, std::size_t count) {
        auto& target = *static_cast<Bytes*>(png_get_io_ptr(writer));
        target.insert(target.end(), data, data + count);
      },
      nullptr);
  png_set_IHDR(png, info, raw.width, raw.height, kind.bits, kind.colour,
               kind.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!kind.palette.empty()) {
    png_set_PLTE(png, info, kind.palette.data(), static_cast<int>(kind.palette.size()));
  }
  if (!kind.exif.empty()) {
    png_set_eXIf_1(png, info, static_cast<png_uint_32>(kind.exif.size()),
                   const_cast<png_bytep>(kind.exif.data()));
  }
  png_write_info(png, info);
  const std::size_t row_size = (raw.values.size()) / raw.height;
  std::vector<png_bytep> rows;
  for (unsigned y = 0; y < raw.height; ++y) {
    rows.push_back(const_cast<png_bytep>(raw.values.data() + y * row_size));
  }
  png_write_image(png, rows.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

}  // namespace tandem
