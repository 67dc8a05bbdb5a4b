#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/dataset/normalisation.h"
#include "tandem/view/view.h"

namespace tandem {

/// Pixels of the views: `views[k]` of sample `indices[k]`, uint8 [n, channels, height, width].
/// Integer arithmetic throughout (bilinear scaling included), hence equal on every machine; see
/// docs/views.md. Throws std::invalid_argument for unequal counts, an index out of range and an
/// empty crop.
torch::Tensor apply_views(const Dataset& dataset, std::span<const std::int64_t> indices,
                          std::span<const View> views);

/// uint8 [n, channels, height, width] to normalised fp32 of the same shape.
/// Throws std::invalid_argument for other pixels than contiguous uint8 on the CPU, another number
/// of channels, and a stddev that is not positive.
torch::Tensor normalise(const torch::Tensor& pixels, const Normalisation& normalisation);

}  // namespace tandem
