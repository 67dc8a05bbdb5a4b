#include "bilinear.h"

#include <algorithm>

#include "vector_clones.h"

namespace tandem {
namespace {

/// Taps of an axis of `size` pixels for a crop of `extent` pixels that begins at `origin`.
void fill_taps(std::vector<Tap>& taps, std::int64_t origin, std::int64_t extent) {
  const std::int64_t size = std::ssize(taps);
  const auto inside = [&](std::int64_t place) { return place >= 0 && place < size; };
  for (std::int64_t k = 0; k < size; ++k) {
    // Pixel centres are at halves: source = (k + 1/2) extent / size - 1/2, here in units of
    // 1 / (2 size), and not before the first pixel's centre.
    const std::int64_t source = std::max<std::int64_t>((2 * k + 1) * extent - size, 0);
    const std::int64_t first = source / (2 * size);
    const std::int64_t fraction = source % (2 * size);
    const std::int64_t low = origin + first;
    const std::int64_t high = origin + std::min(first + 1, extent - 1);
    const auto weight = static_cast<std::int32_t>(((fraction << kWeightBits) + size) / (2 * size));

    Tap tap;
    tap.low_weight = inside(low) ? (1 << kWeightBits) - weight : 0;
    tap.high_weight = inside(high) ? weight : 0;
    // A place outside has no weight; its partner's place serves to read something valid.
    tap.low = static_cast<std::int32_t>(inside(low) ? low : inside(high) ? high : 0);
    tap.high = inside(high) ? static_cast<std::int32_t>(high) : tap.low;
    taps[k] = tap;
  }
}

TANDEM_VECTOR_CLONES
void mix_rows(const std::int32_t* low, const std::int32_t* high, std::int32_t low_weight,
              std::int32_t high_weight, std::int64_t width, std::uint8_t* output) {
  constexpr std::int32_t kHalf = 1 << (2 * kWeightBits - 1);
  for (std::int64_t x = 0; x < width; ++x) {
    const std::int32_t sum = low[x] * low_weight + high[x] * high_weight;
    output[x] = static_cast<std::uint8_t>((sum + kHalf) >> (2 * kWeightBits));
  }
}

}  // namespace

BilinearScaler::BilinearScaler(const ImageShape& shape)
    : shape_(shape), columns_(shape.width), rows_(shape.height) {
  for (auto& slot : row_slots_) {
    slot.resize((columns_.size() / RowMixer::kGroup + 1) * RowMixer::kGroup);
  }
}

void BilinearScaler::scale(const std::uint8_t* sample, const View& view, std::uint8_t* output) {
  fill_taps(columns_, view.crop.left, view.crop.width);
  fill_taps(rows_, view.crop.top, view.crop.height);
  if (view.flip) {
    std::reverse(columns_.begin(), columns_.end());
  }
  mixer_.prepare(columns_);
  const std::int64_t area = shape_.height * shape_.width;
  for (std::int64_t channel = 0; channel < shape_.channels; ++channel) {
    scale_plane(sample + channel * area, output + channel * area);
  }
}

void BilinearScaler::scale_plane(const std::uint8_t* plane, std::uint8_t* output) {
  row_in_slot_[0] = row_in_slot_[1] = -1;
  for (const auto [low_row, high_row, low_weight, high_weight] : rows_) {
    const std::int32_t* low = scaled_row(plane, low_row);
    const std::int32_t* high = scaled_row(plane, high_row);
    mix_rows(low, high, low_weight, high_weight, shape_.width, output);
    output += shape_.width;
  }
}

const std::int32_t* BilinearScaler::scaled_row(const std::uint8_t* plane, std::int32_t row) {
  std::int32_t* slot = row_slots_[row % 2].data();
  if (row_in_slot_[row % 2] != row) {
    row_in_slot_[row % 2] = row;
    mixer_.mix(plane + row * shape_.width, slot);
  }
  return slot;
}

}  // namespace tandem
