#pragma once

#include <cstdint>

#include "tandem/dataset/dataset.h"

namespace tandem {

/// Mean of the image's grey values (of all values where it has not three channels), rounded.
std::int32_t mean_gray(const ImageShape& shape, const std::uint8_t* pixels);

/// Operations between red, green and blue; images of other than three channels stay as they are.
void saturate(std::int32_t factor, const ImageShape& shape, std::uint8_t* pixels);
void turn_hue(std::int32_t shift, const ImageShape& shape, std::uint8_t* pixels);
void make_gray(const ImageShape& shape, std::uint8_t* pixels);

}  // namespace tandem
