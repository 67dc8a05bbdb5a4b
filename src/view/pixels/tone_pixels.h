#pragma once

#include <cstdint>

#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Does an operation that gives each value of a channel a new one: brightness, contrast, posterize,
/// solarize, auto-contrast, equalize, invert.
void change_tones(const Operation& operation, const ImageShape& shape, std::uint8_t* pixels);

}  // namespace tandem
