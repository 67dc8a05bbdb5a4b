#pragma once

#include <vector>

#include "tandem/dataset/dataset.h"

namespace tandem {

/// Affine map of pixels 0..255 to network input, per channel: `(pixel / 255 - mean) / stddev`, in
/// fp64 and then rounded to fp32. It follows the views, so a padded pixel is black, not zero.
struct Normalisation {
  std::vector<double> mean;
  std::vector<double> stddev;

  /// Mean and stddev of the data set's own channels.
  static Normalisation of(const Dataset& dataset);
};

}  // namespace tandem
