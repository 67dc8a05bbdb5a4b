#pragma once

#include <cstdint>

#include "tandem/core/key.h"

namespace tandem {

/// Address of a view: sample `index` as augmented on its `epoch`-th visit, under `seed`.
struct ViewKey {
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0;
  std::uint32_t index = 0;

  /// The random stream from which one augmentation draws for this view.
  Key stream(Stream purpose) const { return {seed, purpose, epoch, index}; }

  friend bool operator==(const ViewKey&, const ViewKey&) = default;
};

/// First epoch of the views that fusion `mean:M` draws, so that they are never training views.
inline constexpr std::uint32_t kFusionEpoch = 1u << 31;

/// Part of a sample, in its pixels; it may reach over the border, where pixels are zero (black).
struct Box {
  std::int32_t left = 0;
  std::int32_t top = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;

  friend bool operator==(const Box&, const Box&) = default;
};

/// Drawn parameters of one view: cut out `crop`, scale it to the size of the sample, mirror it if
/// `flip`. The canonical view is the whole sample, unflipped.
struct View {
  Box crop;
  bool flip = false;

  friend bool operator==(const View&, const View&) = default;
};

}  // namespace tandem
