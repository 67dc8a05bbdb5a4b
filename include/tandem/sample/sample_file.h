#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "tandem/dataset/dataset.h"

namespace tandem {

/// Samples that another program made (a distilled or synthetic set), as read from a file.
struct SampleFile {
  torch::Tensor images;       ///< uint8 [n, channels, height, width]
  torch::Tensor labels;       ///< int64 [n]
  torch::Tensor soft_labels;  ///< fp32 [n, classes], rows that sum to 1; undefined without any

  /// What becoming 8 bits did to images of floating point, in steps of 0..255.
  double largest_rounding = 0;
  double largest_clipping = 0;  ///< how far outside 0..255 a pixel was
  double clipped_pct = 0;       ///< share of pixels that were outside
};

/// Reads a safetensors file of
///
/// - `images`: uint8 [n, channels, height, width]; or fp32 in 0..1; or fp32 that was normalised, of
///   which the metadata say `mean` and `std` (a number or one per channel, of pixels in 0..1, e.g.
///   "0.49 0.48 0.45"), rounded and clipped to 0..255;
/// - `labels`: int64 [n], class ids;
/// - `soft_labels`, optional: fp32 [n, classes], probabilities.
///
/// Throws std::runtime_error that names the path, for images of another shape than `shape`, labels
/// that are missing or outside 0..classes-1, numbers that are not finite, fp32 images that are
/// neither in 0..1 nor said to be normalised, and soft labels that are negative or do not sum to 1
/// (within 1e-3).
SampleFile read_sample_file(const std::filesystem::path& path, const ImageShape& shape,
                            std::int64_t classes);

/// What becoming 8 bits did to the images, in words; empty for a file of uint8.
std::string conversion_text(const SampleFile& file);

}  // namespace tandem
