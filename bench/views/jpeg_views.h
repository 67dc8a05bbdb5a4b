#pragma once

#include <torch/types.h>

#include <cstddef>
#include <span>
#include <string>

#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem::bench {

/// A picture as it lies in its file. The bytes are the caller's and must live as long as it is
/// used.
struct JpegFile {
  std::span<const std::byte> bytes;
  std::string path;  ///< for errors
};

/// Size of the picture, as three channels; views of it are drawn for this shape. Reads the header
/// alone. Throws std::runtime_error that starts with the path for what is no JPEG, and for CMYK.
ImageShape shape_of(const JpegFile& file);

/// Views of pictures that are decoded for them: `views[k]` of `files[k]`, scaled to `height` x
/// `width`, uint8 [n, 3, height, width]. A crop is in the picture's own pixels and lies within it.
///
/// Only what the crop needs is decoded: no row below it, no column far beside it, and at a half, a
/// quarter or an eighth of the size where the crop still comes out no smaller than the view.
/// Scaling is bilinear and, downwards, averages as PIL's and torchvision's does (antialias): of a
/// picture decoded at full size, to one step of 8 bits the same pixels. Decoded at reduced size
/// they differ slightly (libjpeg's own averages); tests/view/jpeg_views_test.cpp says how much.
/// Greyscale becomes three equal channels; a turn that EXIF asks for is not made.
///
/// Throws std::runtime_error that starts with the path for what is no JPEG, for CMYK and for damage
/// within what is decoded, and std::invalid_argument for unequal counts, a size that is not
/// positive, a crop outside the picture, and views with operations or a mixture.
torch::Tensor apply_views(std::span<const JpegFile> files, std::span<const View> views,
                          std::int64_t height, std::int64_t width);

}  // namespace tandem::bench
