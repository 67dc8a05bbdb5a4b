#pragma once

#include <cstdint>
#include <vector>

#include "pixels/bilinear.h"
#include "pixels/pixel_operations.h"
#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Makes the pixels of views, one after the other (docs/views.md). Keeps its buffers.
class Renderer {
 public:
  explicit Renderer(const Dataset& dataset);

  /// Writes channels x height x width pixels of the view of sample `index`.
  void render(std::int64_t index, const View& view, std::uint8_t* output);

 private:
  void render_unmixed(std::int64_t index, const View& view, std::uint8_t* output);
  void mix(const Mixture& mixture, std::uint8_t* output);

  const Dataset& dataset_;
  ImageShape shape_;
  std::int64_t image_size_;
  BilinearScaler scaler_;
  PixelOperations operations_;
  std::vector<std::uint8_t> mirror_;  ///< a plane before its flip
  std::vector<std::uint8_t> partner_;
};

}  // namespace tandem
