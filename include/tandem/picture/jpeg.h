#pragma once

#include <torch/types.h>

#include <string>

namespace tandem {

/// How a JPEG is written.
struct JpegOptions {
  int quality = 90;         ///< 1..100, as libjpeg counts it
  bool half_chroma = true;  ///< colours at half the resolution either way (4:2:0), as most are
  bool progressive = false;
};

/// The bytes of a JPEG file of `image`, uint8 [1, height, width] (grey) or [3, height, width]
/// (RGB), as the installed libjpeg-turbo writes it; decode_picture reads it. Throws
/// std::invalid_argument for another type or shape, sides of more than 65,500 pixels and a quality
/// outside 1..100.
std::string encode_jpeg(const torch::Tensor& image, const JpegOptions& options = {});

}  // namespace tandem
