#include "pixels/look_up_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tandem {

LookUpTable::LookUpTable(const std::array<float, 256>& numbers) : values(numbers) {
  const auto* all = reinterpret_cast<const std::uint8_t*>(values.data());
  for (std::size_t k = 0; k < 4 * values.size(); ++k) {
    bytes[k % 4][k / 4] = all[k];
  }
}

#if defined(__x86_64__)

#define TANDEM_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi")))

namespace {

/// One of the four bytes of all 256 values.
struct BytePlane {
  __m512i quarter[4];
};

TANDEM_AVX512 inline BytePlane byte_plane(const LookUpTable& table, std::size_t byte) {
  const std::uint8_t* bytes = table.bytes[byte].data();
  return {{_mm512_load_si512(bytes), _mm512_load_si512(bytes + 64), _mm512_load_si512(bytes + 128),
           _mm512_load_si512(bytes + 192)}};
}

TANDEM_AVX512 inline __m512i look_up(const BytePlane& plane, __m512i pixels, __mmask64 upper) {
  const __m512i low = _mm512_permutex2var_epi8(plane.quarter[0], pixels, plane.quarter[1]);
  const __m512i high = _mm512_permutex2var_epi8(plane.quarter[2], pixels, plane.quarter[3]);
  return _mm512_mask_blend_epi8(upper, low, high);
}

/// Where each pixel must stand for the bytes of its value to come together in order: the unpacking
/// below works within each 16 bytes.
TANDEM_AVX512 __m512i unpacking_order() {
  alignas(64) std::uint8_t order[64];
  for (int k = 0; k < 64; ++k) {
    const int lane = k / 16, group = k % 16 / 4, place = k % 4;
    order[k] = static_cast<std::uint8_t>(16 * group + 4 * lane + place);
  }
  return _mm512_load_si512(order);
}

}  // namespace

bool can_look_up_64() {
  static const bool can = __builtin_cpu_supports("avx512vbmi") != 0;
  return can;
}

TANDEM_AVX512 std::int64_t look_up_64(const LookUpTable& table, const std::uint8_t* pixels,
                                      std::int64_t count, float* values) {
  const BytePlane planes[4] = {byte_plane(table, 0), byte_plane(table, 1), byte_plane(table, 2),
                               byte_plane(table, 3)};
  const __m512i order = unpacking_order();
  std::int64_t done = 0;
  for (; done + 64 <= count; done += 64) {
    // The form with a mask, for GCC 12 warns of its own header's other one.
    const __m512i p =
        _mm512_maskz_permutexvar_epi8(~__mmask64{0}, order, _mm512_loadu_si512(pixels + done));
    const __mmask64 upper = _mm512_movepi8_mask(p);
    const __m512i b0 = look_up(planes[0], p, upper), b1 = look_up(planes[1], p, upper);
    const __m512i b2 = look_up(planes[2], p, upper), b3 = look_up(planes[3], p, upper);
    const __m512i low01 = _mm512_unpacklo_epi8(b0, b1), high01 = _mm512_unpackhi_epi8(b0, b1);
    const __m512i low23 = _mm512_unpacklo_epi8(b2, b3), high23 = _mm512_unpackhi_epi8(b2, b3);
    _mm512_storeu_si512(values + done, _mm512_unpacklo_epi16(low01, low23));
    _mm512_storeu_si512(values + done + 16, _mm512_unpackhi_epi16(low01, low23));
    _mm512_storeu_si512(values + done + 32, _mm512_unpacklo_epi16(high01, high23));
    _mm512_storeu_si512(values + done + 48, _mm512_unpackhi_epi16(high01, high23));
  }
  return done;
}

#else

bool can_look_up_64() {
  return false;
}

std::int64_t look_up_64(const LookUpTable&, const std::uint8_t*, std::int64_t, float*) {
  return 0;
}

#endif

}  // namespace tandem
