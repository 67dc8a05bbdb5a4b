#include "pixels/row_mixer.h"

#include <algorithm>

#include "pixels/look_up_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tandem {

void RowMixer::prepare(std::span<const Tap> taps) {
  taps_ = taps;
  groups_.clear();
  if (!can_look_up_64()) {
    return;
  }
  for (std::size_t begin = 0; begin < taps.size(); begin += kGroup) {
    if (!group(begin, groups_.emplace_back())) {
      groups_.clear();
      return;
    }
  }
}

bool RowMixer::group(std::size_t begin, Group& group) const {
  const auto taps = taps_.subspan(begin, std::min(taps_.size() - begin, std::size_t{kGroup}));
  std::int32_t first = taps[0].low, last = first;
  for (const Tap& tap : taps) {
    first = std::min({first, tap.low, tap.high});
    last = std::max({last, tap.low, tap.high});
  }
  if (last - first >= 64) {
    return false;
  }
  group.first = first;
  const std::int64_t bytes = std::ssize(taps_) - first;
  group.readable = bytes >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bytes) - 1;
  for (std::size_t k = 0; k < taps.size(); ++k) {
    // Bytes become words by unpacking the lower and the upper half of each 16; so each half of the
    // outputs stands in the same half of each 16.
    const std::size_t half = k / 16, place = 16 * (k % 16 / 4) + 8 * half + 2 * (k % 4);
    group.places[place] = static_cast<std::uint8_t>(taps[k].low - first);
    group.places[place + 1] = static_cast<std::uint8_t>(taps[k].high - first);
    group.weights[2 * k] = static_cast<std::int16_t>(taps[k].low_weight);
    group.weights[2 * k + 1] = static_cast<std::int16_t>(taps[k].high_weight);
  }
  return true;
}

void RowMixer::mix(const std::uint8_t* row, std::int32_t* sums) const {
  if (groups_.empty()) {
    for (std::size_t x = 0; x < taps_.size(); ++x) {
      const Tap& tap = taps_[x];
      sums[x] = row[tap.low] * tap.low_weight + row[tap.high] * tap.high_weight;
    }
  }
  for (const Group& group : groups_) {
    mix(group, row, sums);
    sums += kGroup;
  }
}

#if defined(__x86_64__)

__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void RowMixer::mix(const Group& group,
                                                                          const std::uint8_t* row,
                                                                          std::int32_t* sums) {
  constexpr __mmask64 kAll = ~__mmask64{0};
  const __m512i pixels = _mm512_maskz_loadu_epi8(group.readable, row + group.first);
  const __m512i taken =
      _mm512_maskz_permutexvar_epi8(kAll, _mm512_load_si512(group.places.data()), pixels);
  const __m512i low = _mm512_unpacklo_epi8(taken, _mm512_setzero_si512());
  const __m512i high = _mm512_unpackhi_epi8(taken, _mm512_setzero_si512());
  const std::int16_t* weights = group.weights.data();
  _mm512_storeu_si512(sums, _mm512_madd_epi16(low, _mm512_load_si512(weights)));
  _mm512_storeu_si512(sums + 16, _mm512_madd_epi16(high, _mm512_load_si512(weights + 32)));
}

namespace {

__attribute__((target("avx512f,avx512bw,avx512vbmi"))) std::int64_t mix_blocks(
    const std::int32_t* low, const std::int32_t* high, std::int32_t low_weight,
    std::int32_t high_weight, std::int64_t width, std::uint8_t* output) {
  constexpr __mmask16 kAll = 0xffff;
  const __m512i low_weights = _mm512_set1_epi32(low_weight);
  const __m512i high_weights = _mm512_set1_epi32(high_weight);
  const __m512i half = _mm512_set1_epi32(1 << (2 * kWeightBits - 1));
  std::int64_t done = 0;
  for (; done + 16 <= width; done += 16) {
    const __m512i a = _mm512_mullo_epi32(_mm512_loadu_si512(low + done), low_weights);
    const __m512i b = _mm512_mullo_epi32(_mm512_loadu_si512(high + done), high_weights);
    const __m512i sum = _mm512_add_epi32(_mm512_add_epi32(a, b), half);
    const __m512i pixels = _mm512_maskz_srli_epi32(kAll, sum, 2 * kWeightBits);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(output + done),
                     _mm512_maskz_cvtepi32_epi8(kAll, pixels));
  }
  return done;
}

}  // namespace

std::int64_t mix_rows_16(const std::int32_t* low, const std::int32_t* high, std::int32_t low_weight,
                         std::int32_t high_weight, std::int64_t width, std::uint8_t* output) {
  return can_look_up_64() ? mix_blocks(low, high, low_weight, high_weight, width, output) : 0;
}

#else

std::int64_t mix_rows_16(const std::int32_t*, const std::int32_t*, std::int32_t, std::int32_t,
                         std::int64_t, std::uint8_t*) {
  return 0;
}

void RowMixer::mix(const Group&, const std::uint8_t*, std::int32_t*) {}

#endif

}  // namespace tandem
