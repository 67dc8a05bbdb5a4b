#pragma once

#include <cstdint>

#include "tandem/picture/picture.h"

namespace tandem {

/// Scales the picture so that its shorter side has `side` pixels (the longer one
/// floor(side x longer / shorter)) and cuts out the central square: what torchvision's
/// Resize(side) and CenterCrop(side) make of it through PIL, to the last bit. The filter is a
/// triangle as wide as the reduction asks, hence antialiased; columns first, rounded to 8 bits,
/// then rows. Writes 3 x side x side bytes to `planes`: all of red, of green, of blue. Throws
/// std::invalid_argument unless `side` is positive.
void fit_square(const Picture& picture, std::int64_t side, std::uint8_t* planes);

}  // namespace tandem
