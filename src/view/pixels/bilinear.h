#pragma once

#include <cstdint>
#include <vector>

#include "pixels/row_mixer.h"
#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

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
  RowMixer mixer_;  ///< of the columns
  std::vector<Tap> rows_;
  std::vector<std::int32_t> column_weights_, row_weights_;  ///< by fraction
  // The rows that output rows mix are neighbours, so one slot for even and one for odd rows do.
  std::vector<std::int32_t> row_slots_[2];
  std::int32_t row_in_slot_[2] = {-1, -1};
};

}  // namespace tandem
