#include "pixels/bilinear.h"

#include <algorithm>

#include "pixels/vector_clones.h"

namespace tandem {
namespace {

/// The weight of the further pixel at each fraction of the way, in units of 1 / (2 size).
std::vector<std::int32_t> weights_of_fractions(std::int64_t size) {
  std::vector<std::int32_t> weights;
  for (std::int64_t fraction = 0; fraction < 2 * size; ++fraction) {
    weights.push_back(static_cast<std::int32_t>(((fraction << kWeightBits) + size) / (2 * size)));
  }
  return weights;
}

/// Taps of an axis of `size` pixels for a crop of `extent` pixels that begins at `origin`.
void fill_taps(std::vector<Tap>& taps, const std::vector<std::int32_t>& weights,
               std::int64_t origin, std::int64_t extent) {
  const std::int64_t size = std::ssize(taps), unit = 2 * size;
  const auto inside = [&](std::int64_t place) { return place >= 0 && place < size; };
  // Pixel centres are at halves: source = (k + 1/2) extent / size - 1/2, here in units of
  // 1 / (2 size), and not before the first pixel's centre. From tap to tap it grows by 2 extent;
  // divisions are kept for crops larger than the sample.
  std::int64_t first = 0, fraction = extent - size;
  for (Tap& tap : taps) {
    if (fraction >= unit) {
      fraction -= unit;
      ++first;
      if (fraction >= unit) {
        first += fraction / unit;
        fraction %= unit;
      }
    }
    const std::int64_t low = origin + first;
    const std::int64_t high = origin + std::min(first + 1, extent - 1);
    const std::int32_t weight = weights[std::max<std::int64_t>(fraction, 0)];
    tap.low_weight = inside(low) ? (1 << kWeightBits) - weight : 0;
    tap.high_weight = inside(high) ? weight : 0;
    // A place outside has no weight; its partner's place serves to read something valid.
    tap.low = static_cast<std::int32_t>(inside(low) ? low : inside(high) ? high : 0);
    tap.high = inside(high) ? static_cast<std::int32_t>(high) : tap.low;
    fraction += 2 * extent;
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
    : shape_(shape),
      columns_(shape.width),
      rows_(shape.height),
      column_weights_(weights_of_fractions(shape.width)),
      row_weights_(weights_of_fractions(shape.height)) {
  for (auto& slot : row_slots_) {
    slot.resize((columns_.size() / RowMixer::kGroup + 1) * RowMixer::kGroup);
  }
}

void BilinearScaler::scale(const std::uint8_t* sample, const View& view, std::uint8_t* output) {
  fill_taps(columns_, column_weights_, view.crop.left, view.crop.width);
  fill_taps(rows_, row_weights_, view.crop.top, view.crop.height);
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
    const std::int64_t done = mix_rows_16(low, high, low_weight, high_weight, shape_.width, output);
    if (done < shape_.width) {
      mix_rows(low + done, high + done, low_weight, high_weight, shape_.width - done,
               output + done);
    }
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
