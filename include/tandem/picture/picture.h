#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace tandem {

/// A decoded picture: red, green and blue of each pixel in turn, rows from the top, upright.
struct Picture {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<std::uint8_t> rgb;  ///< 3 x width x height
  /// Of the picture before a reduction, which rounds up: 1, 2, 4 or 8 of its pixels in a row are
  /// one.
  std::int64_t full_width = width;
  std::int64_t full_height = height;
  std::int64_t reduction = 1;
};

/// Bytes that are no picture, or not a whole one. The message says what they are, without a path.
class PictureError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class PictureFormat { kJpeg, kPng };

/// What the first bytes say, whatever the file is called. Throws PictureError for anything else,
/// naming it where it is known (GIF, WebP, a web page, ...).
PictureFormat picture_format(std::span<const std::byte> bytes);

/// Pictures of more pixels are refused before anything is allocated for them.
inline constexpr std::int64_t kMostPixels = 100'000'000;

/// Decodes a JPEG or PNG to 8-bit RGB: grey is repeated, CMYK and YCCK are converted (inverted ones
/// as Adobe writes them too), 16 bits are rounded to 8, palettes are looked up, alpha is dropped,
/// gamma and colour profiles are not applied, and the orientation that EXIF states is. A JPEG
/// may be decoded at 1/2, 1/4 or 1/8 of its size as long as both sides keep `least_side` pixels; 0
/// means never. Throws PictureError for damaged data: whatever ends early is refused, never filled
/// up with grey.
Picture decode_picture(std::span<const std::byte> bytes, std::int64_t least_side = 0);

}  // namespace tandem
