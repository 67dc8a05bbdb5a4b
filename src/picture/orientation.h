#pragma once

#include <cstddef>
#include <span>

#include "tandem/picture/picture.h"

namespace tandem {

/// EXIF's orientation: 1 upright, 2 mirrored, 3 upside down, 4 both, 5..8 those on their side.
struct OrientedPicture {
  Picture picture;
  int orientation = 1;
};

/// Reads the orientation from EXIF data that begins with its TIFF header; 1 where it states none
/// or is broken, as a picture is worth more than its EXIF data. (EXIF 2.32, 4.5 and 4.6.4.)
int exif_orientation(std::span<const std::byte> tiff);

/// Turns and mirrors the picture to what a viewer shows. Throws nothing for 1..8.
Picture upright(Picture picture, int orientation);

/// Throws PictureError unless both sides are positive and the pixels at most kMostPixels, and as
/// many as a file of `bytes` bytes can hold.
void check_extent(std::int64_t width, std::int64_t height, std::int64_t bytes,
                  std::int64_t most_for_each_byte);

}  // namespace tandem
