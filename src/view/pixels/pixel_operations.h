#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pixels/geometry_pixels.h"
#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Does operations to the pixels of one view after the other (docs/views.md, "Operations"). Keeps
/// its buffers.
class PixelOperations {
 public:
  explicit PixelOperations(const ImageShape& shape) : shape_(shape) {}

  /// In place on channels x height x width pixels of the shape, in order.
  void apply(std::span<const Operation> operations, std::uint8_t* pixels);

 private:
  void apply(const Operation& operation, std::uint8_t* pixels);

  /// A copy of the pixels, for operations that read neighbours.
  const std::uint8_t* copy_of(const std::uint8_t* pixels);

  ImageShape shape_;
  std::vector<std::uint8_t> copy_;
  std::vector<std::uint32_t> sums_;
  MoveRoom move_room_;
};

}  // namespace tandem
