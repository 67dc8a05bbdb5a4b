#include "pixel_operations.h"

namespace tandem {

void PixelOperations::apply(std::span<const Operation>, std::uint8_t*) {}

}  // namespace tandem
