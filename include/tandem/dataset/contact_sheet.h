#pragma once

#include <torch/types.h>

#include <cstdint>

#include "tandem/dataset/dataset.h"

namespace tandem {

struct ContactSheetOptions {
  std::int64_t per_class = 8;  ///< samples of each class
  std::uint64_t seed = 0;      ///< which ones: those that a stratified subset takes first
};

/// A picture of some samples of each class with the classes' names and sizes, uint8 [3, height,
/// width]: a row a class, or, for more than 40 classes, a strip of smaller samples for each (of at
/// most 200 classes, evenly spread). Throws std::invalid_argument for `per_class` outside 1..64.
torch::Tensor contact_sheet(const Dataset& dataset, const ContactSheetOptions& options = {});

}  // namespace tandem
