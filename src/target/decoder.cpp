#include "tandem/target/decoder.h"

#include <c10/util/Half.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "probability_code.h"

#if defined(__x86_64__) && !defined(__clang__)
#include <immintrin.h>
#endif

namespace tandem {
namespace {

/// Far enough ahead to hide a read from memory behind the decoding of rows before it.
constexpr std::size_t kRowsAhead = 16;
constexpr std::int64_t kCacheLine = 64;

template <typename Value>
Value load(const std::byte* place) {
  Value value;
  std::memcpy(&value, place, sizeof(value));
  return value;
}

std::size_t load_code(const std::byte* place) {
  return static_cast<std::uint8_t>(*place);
}

float load_half(const std::byte* place) {
  return c10::detail::fp16_ieee_to_fp32_value(load<std::uint16_t>(place));
}

/// One tensor of encoded rows.
struct Column {
  const std::byte* first;
  std::int64_t stride;

  const std::byte* row(std::int64_t k) const { return first + k * stride; }
};

/// Calls `decode(row, target)` for each of `rows`, with targets of `width` floats from `output` on,
/// and fetches rows ahead. It is inlined with its decoding: what is the same for all rows is then
/// asked once. The prefetches stand in the loop itself, since GCC 12 takes a function that does
/// nothing else for one without effect and leaves out its calls.
template <std::size_t kColumns, typename Decode>
[[gnu::always_inline]] inline void decode_rows(std::span<const std::int64_t> rows,
                                               const std::array<Column, kColumns>& columns,
                                               std::int64_t width, float* output,
                                               const Decode& decode) {
  for (std::size_t k = 0; k < rows.size() + kRowsAhead; ++k) {
    if (k < rows.size()) {
      for (const Column& column : columns) {
        // A long row's later lines are fetched by the hardware once its first ones are read.
        const std::byte* first = column.row(rows[k]);
        __builtin_prefetch(first);
        __builtin_prefetch(first + std::min(column.stride - 1, kCacheLine));
      }
    }
    if (k >= kRowsAhead) {
      decode(rows[k - kRowsAhead], output);
      output += width;
    }
  }
}

void decode_halves(std::span<const std::int64_t> rows, Column values, std::int64_t width,
                   float* output) {
  decode_rows(rows, std::array{values}, width, output, [=](std::int64_t row, float* target) {
    const std::byte* halves = values.row(row);
    for (std::int64_t k = 0; k < width; ++k) {
      target[k] = load_half(halves + 2 * k);
    }
  });
}

#if defined(__x86_64__) && !defined(__clang__)  // whose older versions cannot ask for f16c

/// The same by the processor's own conversion, eight at a time; it gives the same bits.
struct ConvertHalves {
  Column values;
  std::int64_t width;

  [[gnu::target("avx,f16c")]] void operator()(std::int64_t row, float* target) const {
    const std::byte* halves = values.row(row);
    std::int64_t k = 0;
    for (; k + 8 <= width; k += 8) {
      const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(halves + 2 * k));
      _mm256_storeu_ps(target + k, _mm256_cvtph_ps(eight));
    }
    for (; k < width; ++k) {
      target[k] = _cvtsh_ss(load<std::uint16_t>(halves + 2 * k));
    }
  }
};

[[gnu::target("avx,f16c")]] void convert_halves(std::span<const std::int64_t> rows, Column values,
                                                std::int64_t width, float* output) {
  decode_rows(rows, std::array{values}, width, output, ConvertHalves{values, width});
}

bool converts_halves() {
  static const bool does = __builtin_cpu_supports("f16c") && __builtin_cpu_supports("avx");
  return does;
}

#else

bool converts_halves() {
  return false;
}

const auto convert_halves = decode_halves;

#endif

void decode_probability_codes(std::span<const std::int64_t> rows, Column values, std::int64_t width,
                              float* output) {
  const float* probability = probability_of_code().data();
  decode_rows(rows, std::array{values}, width, output, [=](std::int64_t row, float* target) {
    const std::byte* codes = values.row(row);
    double sum = 0;  // of a thousand fp32 the last two digits would be lost
    for (std::int64_t k = 0; k < width; ++k) {
      sum += probability[load_code(codes + k)];
    }
    // Looked up anew: reading back what was just written would wait for the writes.
    const auto factor = static_cast<float>(1 / sum);
    for (std::int64_t k = 0; k < width; ++k) {
      target[k] = probability[load_code(codes + k)] * factor;
    }
  });
}

void decode_linear_codes(std::span<const std::int64_t> rows, Column ranges, Column values,
                         std::int64_t width, float* output) {
  decode_rows(rows, std::array{ranges, values}, width, output,
              [=](std::int64_t row, float* target) {
                const std::byte* codes = values.row(row);
                const float low = load_half(ranges.row(row)), step = load_half(ranges.row(row) + 2);
                for (std::int64_t k = 0; k < width; ++k) {
                  target[k] = low + step * static_cast<float>(load_code(codes + k));
                }
              });
}

/// `class_at(row, k)` and `probability_at(row, k)` read the k-th of `kept` entries of a row.
template <typename ClassAt, typename ProbabilityAt>
void decode_top_k(std::span<const std::int64_t> rows, Column classes, Column logs,
                  std::int64_t kept, std::int64_t width, float* output, const ClassAt& class_at,
                  const ProbabilityAt& probability_at) {
  decode_rows(rows, std::array{classes, logs}, width, output, [&](std::int64_t row, float* target) {
    double sum = 0;
    for (std::int64_t k = 0; k < kept; ++k) {
      sum += probability_at(logs.row(row), k);
    }
    // Rounding may bring the kept ones to 1 or more; no class is to be impossible for that.
    const double lowest = kLowestProbability / static_cast<double>(width);
    const auto others = static_cast<double>(width - kept);
    const double rest = others > 0 ? std::max((1 - sum) / others, lowest) : 0;
    const auto factor = static_cast<float>(1 / (sum + others * rest));
    std::fill_n(target, width, factor * static_cast<float>(rest));
    for (std::int64_t k = 0; k < kept; ++k) {
      target[class_at(classes.row(row), k)] = factor * probability_at(logs.row(row), k);
    }
  });
}

}  // namespace

Decoder::Decoder(const Encoding& encoding, Content content, std::int64_t width,
                 std::vector<const std::byte*> tensors)
    : encoding_(encoding),
      probs_(content == Content::kProbs),
      width_(width),
      tensors_(std::move(tensors)),
      wide_classes_(false) {
  for (const RowTensor& tensor : row_tensors(encoding, content, width)) {
    strides_.push_back(tensor.bytes_per_row());
    wide_classes_ = wide_classes_ || tensor.dtype == torch::kInt16;
  }
}

void Decoder::gather(std::span<const std::int64_t> rows, float* output) const {
  if (encoding_.top_k > 0) {
    gather_top_k(rows, output);
    return;
  }
  const Column values{tensors_.back(), strides_.back()};
  switch (encoding_.scalar) {
    case Encoding::Scalar::kFp32:
      decode_rows(rows, std::array{values}, width_, output, [=](std::int64_t row, float* target) {
        std::memcpy(target, values.row(row), static_cast<std::size_t>(values.stride));
      });
      return;
    case Encoding::Scalar::kFp16:
      (converts_halves() ? convert_halves : decode_halves)(rows, values, width_, output);
      return;
    case Encoding::Scalar::kU8:
      break;
  }
  if (probs_) {
    decode_probability_codes(rows, values, width_, output);
  } else {
    decode_linear_codes(rows, {tensors_.front(), strides_.front()}, values, width_, output);
  }
}

void Decoder::gather_top_k(std::span<const std::int64_t> rows, float* output) const {
  const Column classes{tensors_[0], strides_[0]}, logs{tensors_[1], strides_[1]};
  const auto with_classes = [&](const auto& class_at) {
    if (encoding_.scalar == Encoding::Scalar::kU8) {
      const float* probability = probability_of_code().data();
      decode_top_k(rows, classes, logs, encoding_.top_k, width_, output, class_at,
                   [=](const std::byte* codes, std::int64_t k) {
                     return probability[load_code(codes + k)];
                   });
    } else {
      decode_top_k(rows, classes, logs, encoding_.top_k, width_, output, class_at,
                   [](const std::byte* halves, std::int64_t k) {
                     return std::exp(load_half(halves + 2 * k));
                   });
    }
  };
  if (wide_classes_) {
    with_classes([](const std::byte* ids, std::int64_t k) {
      return static_cast<std::int64_t>(load<std::int16_t>(ids + 2 * k));
    });
  } else {
    with_classes([](const std::byte* ids, std::int64_t k) {
      return static_cast<std::int64_t>(load_code(ids + k));
    });
  }
}

}  // namespace tandem
