#pragma once

#include <cstdint>
#include <vector>

#include "tandem/data/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Where one output pixel takes its value on one axis: two places in the sample and their weights,
/// which sum to 2^kWeightBits but for pixels outside the sample, whose weight is zero.
struct Tap {
  std::int32_t low = 0;
  std::int32_t high = 0;
  std::int32_t low_weight = 0;
  std::int32_t high_weight = 0;
};

inline constexpr int kWeightBits = 11;

/// Scales crops to the size of the sample in integer arithmetic (docs/views.md, "Scaling"). Keeps
/// its buffers from view to view.
class BilinearScaler {
 public:
  explicit BilinearScaler(const ImageShape& shape);

  /// `sample` and `output` hold channels x height x width pixels of the shape.
  void scale(const std::uint8_t* sample, const View& view, std::uint8_t* output);

 private:
  void scale_plane(const std::uint8_t* plane, std::uint8_t* output);
  const std::int32_t* scaled_row(const std::uint8_t* plane, std::int32_t row);

  ImageShape shape_;
  std::vector<Tap> columns_;
  std::vector<Tap> rows_;
  // The rows that output rows mix are neighbours, so one slot for even and one for odd rows do.
  std::vector<std::int32_t> row_slots_[2];
  std::int32_t row_in_slot_[2] = {-1, -1};
};

}  // namespace tandem
