#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "tandem/data/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Affine map of pixels 0..255 to network input, per channel: `(pixel / 255 - mean) / stddev`, in
/// fp32. It is applied after the views are drawn, so a padded pixel is black, not zero.
struct Normalisation {
  std::vector<double> mean;
  std::vector<double> stddev;

  /// Mean and stddev of the data set's own channels.
  static Normalisation of(const Dataset& dataset);
};

/// Pixels of the views: `views[k]` of sample `indices[k]`, uint8 [n, channels, height, width].
/// Integer arithmetic throughout (bilinear scaling included), hence equal on every machine; see
/// docs/views.md. Throws std::invalid_argument for unequal counts or an index out of range.
torch::Tensor apply_views(const Dataset& dataset, std::span<const std::int64_t> indices,
                          std::span<const View> views);

/// uint8 [n, channels, height, width] to normalised fp32 of the same shape.
/// Throws std::invalid_argument if the number of channels differs.
torch::Tensor normalise(const torch::Tensor& pixels, const Normalisation& normalisation);

}  // namespace tandem
