#pragma once

#include <cstdint>
#include <span>

#include "tandem/data/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Does operations to the pixels of one view (docs/views.md, "Operations").
class PixelOperations {
 public:
  explicit PixelOperations(const ImageShape& shape) : shape_(shape) {}

  /// In place on channels x height x width pixels of the shape, in order.
  void apply(std::span<const Operation> operations, std::uint8_t* pixels);

 private:
  ImageShape shape_;
};

}  // namespace tandem
