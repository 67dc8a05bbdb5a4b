#pragma once

#include <cstdint>
#include <vector>

#include "jpeg_views.h"

namespace tandem::bench {

/// Part of a decoded picture: rows of `width` RGB pixels. `crop_*` says where in it, in its pixels
/// and fractions of these, the crop lies that was asked for.
struct JpegPart {
  std::int64_t width = 0;
  std::int64_t height = 0;
  double crop_left = 0, crop_top = 0, crop_width = 0, crop_height = 0;
  std::vector<std::uint8_t> rgb;
};

/// Decodes what a view of `height` x `width` needs of `crop` into `part`, whose memory is used
/// again. Errors are those of apply_views().
void decode_part(const JpegFile& file, const Box& crop, std::int64_t height, std::int64_t width,
                 JpegPart& part);

}  // namespace tandem::bench
