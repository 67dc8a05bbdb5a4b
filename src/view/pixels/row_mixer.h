#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "pixels/tap.h"

namespace tandem {

/// Mixes the columns of rows as taps say, 32 outputs at a time where the machine can look up bytes
/// 64 at a time (AVX-512 VBMI) and the taps of neighbours lie as near each other as those of a crop
/// do.
class RowMixer {
 public:
  /// Outputs are written in groups of as many.
  static constexpr std::int64_t kGroup = 32;

  /// `taps` are those of all outputs, into rows as long; they must outlive their use in mix().
  void prepare(std::span<const Tap> taps);

  /// `sums` has room for the outputs in whole groups.
  void mix(const std::uint8_t* row, std::int32_t* sums) const;

 private:
  /// What 32 outputs take, in turns low and high, from 64 bytes of the row at most.
  struct alignas(64) Group {
    std::array<std::uint8_t, 2 * kGroup> places{};
    std::array<std::int16_t, 2 * kGroup> weights{};
    std::int64_t first = 0;
    std::uint64_t readable = 0;  ///< a bit for each byte within the row
  };

  bool group(std::size_t begin, Group& group) const;
  static void mix(const Group& group, const std::uint8_t* row, std::int32_t* sums);

  std::span<const Tap> taps_;
  std::vector<Group> groups_;  ///< none: an output at a time
};

/// `(low * low_weight + high * high_weight)` in pixels again, rounded, 16 at a time where the
/// machine can; returns for how many of the first pixels it has done so. Rows are short, so what
/// compilers leave of a loop over them would be most of it.
std::int64_t mix_rows_16(const std::int32_t* low, const std::int32_t* high, std::int32_t low_weight,
                         std::int32_t high_weight, std::int64_t width, std::uint8_t* output);

}  // namespace tandem
