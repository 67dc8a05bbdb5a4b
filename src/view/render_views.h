#pragma once

#include <cstdint>
#include <span>

#include "pixels/pixel_map.h"
#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Writes the pixels of the views, `views[k]` of sample `indices[k]`, and with a `map` also their
/// normalised images, view by view while the pixels are in the processor's cache.
/// Throws std::invalid_argument as apply_views() does.
void render_views(const Dataset& dataset, std::span<const std::int64_t> indices,
                  std::span<const View> views, std::uint8_t* pixels, const PixelMap* map = nullptr,
                  float* images = nullptr);

}  // namespace tandem
