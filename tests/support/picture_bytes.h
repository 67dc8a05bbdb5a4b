#pragma once

#include <png.h>
#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "file_bytes.h"
#include "tandem/picture/jpeg.h"

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

/// A JPEG of the best quality, grey or RGB with colours at full resolution, with an APP1 marker of
/// `exif` unless that is empty.
inline Bytes jpeg_bytes(const RawPicture& raw, const Bytes& exif = {}) {
  Bytes values = raw.values;
  const torch::Tensor pixels =
      torch::from_blob(values.data(), {raw.height, raw.width, raw.channels}, torch::kUInt8);
  const std::string jpeg =
      encode_jpeg(pixels.permute({2, 0, 1}), {.quality = 100, .half_chroma = false});
  Bytes bytes(jpeg.begin(), jpeg.end());
  if (!exif.empty()) {
    const std::size_t size = exif.size() + 2;  // the marker counts its own length
    Bytes marker = {0xff, 0xe1, static_cast<std::uint8_t>(size >> 8),
                    static_cast<std::uint8_t>(size)};
    marker.insert(marker.end(), exif.begin(), exif.end());
    bytes.insert(bytes.begin() + 2, marker.begin(), marker.end());  // after the start of the image
  }
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
