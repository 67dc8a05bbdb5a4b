#pragma once

#include <cstdint>

#include "tandem/dataset/dataset.h"

namespace tandem::bench {

/// `count` made-up pictures of a size, uint8 RGB: noise at all scales, nearly as much in each
/// octave as in photographs, over a colour of its own. `seed` decides them.
Dataset made_up_pictures(std::int64_t count, std::int64_t height, std::int64_t width,
                         std::uint64_t seed);

}  // namespace tandem::bench
