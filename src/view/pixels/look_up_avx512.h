#pragma once

#include <array>
#include <cstdint>

namespace tandem {

/// A number for each byte: as they are, and their first bytes, second bytes and so on together.
struct LookUpTable {
  explicit LookUpTable(const std::array<float, 256>& numbers);

  std::array<float, 256> values;
  alignas(64) std::array<std::array<std::uint8_t, 256>, 4> bytes;
};

/// Whether this machine can look bytes up 64 at a time (AVX-512 VBMI).
bool can_look_up_64();

/// `values[k] = table.values[pixels[k]]` for the first `count / 64 * 64` pixels; returns how many
/// these are. Only where can_look_up_64().
std::int64_t look_up_64(const LookUpTable& table, const std::uint8_t* pixels, std::int64_t count,
                        float* values);

}  // namespace tandem
