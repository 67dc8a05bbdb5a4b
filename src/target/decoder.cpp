#include "tandem/target/decoder.h"

#include <c10/util/Half.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "probability_code.h"

namespace tandem {
namespace {

/// Far enough ahead to hide a read from memory behind the decoding of rows before it.
constexpr std::size_t kRowsAhead = 12;
constexpr std::int64_t kCacheLine = 64;

template <typename Value>
Value load(const std::byte* place) {
  Value value;
  std::memcpy(&value, place, sizeof(value));
  return value;
}

float load_half(const std::byte* place) {
  return c10::detail::fp16_ieee_to_fp32_value(load<std::uint16_t>(place));
}

void scale(float* values, std::int64_t count, float factor) {
  for (std::int64_t k = 0; k < count; ++k) {
    values[k] *= factor;
  }
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
  for (std::size_t k = 0; k < std::min(kRowsAhead, rows.size()); ++k) {
    prefetch(rows[k]);
  }
  for (std::size_t k = 0; k < rows.size(); ++k, output += width_) {
    if (k + kRowsAhead < rows.size()) {
      prefetch(rows[k + kRowsAhead]);
    }
    decode(rows[k], output);
  }
}

void Decoder::prefetch(std::int64_t row) const {
  for (std::size_t t = 0; t < tensors_.size(); ++t) {
    // A long row's later lines are fetched by the hardware once its first ones are read.
    const std::byte* first = tensors_[t] + row * strides_[t];
    __builtin_prefetch(first);
    __builtin_prefetch(first + std::min(strides_[t] - 1, kCacheLine));
  }
}

void Decoder::decode(std::int64_t row, float* output) const {
  if (encoding_.top_k > 0) {
    decode_top_k(row, output);
    return;
  }
  const std::byte* values = tensors_.back() + row * strides_.back();
  switch (encoding_.scalar) {
    case Encoding::Scalar::kFp32:
      std::memcpy(output, values, static_cast<std::size_t>(width_) * sizeof(float));
      return;
    case Encoding::Scalar::kFp16:
      for (std::int64_t k = 0; k < width_; ++k) {
        output[k] = load_half(values + 2 * k);
      }
      return;
    case Encoding::Scalar::kU8:
      break;
  }
  if (probs_) {
    const float* probability = probability_of_code().data();
    double sum = 0;  // of a thousand fp32 the last two digits would be lost
    for (std::int64_t k = 0; k < width_; ++k) {
      output[k] = probability[static_cast<std::uint8_t>(values[k])];
      sum += output[k];
    }
    scale(output, width_, static_cast<float>(1 / sum));
  } else {
    const std::byte* range = tensors_.front() + row * strides_.front();
    const float low = load_half(range), step = load_half(range + 2);
    for (std::int64_t k = 0; k < width_; ++k) {
      output[k] = low + step * static_cast<float>(static_cast<std::uint8_t>(values[k]));
    }
  }
}

void Decoder::decode_top_k(std::int64_t row, float* output) const {
  const std::int64_t kept = encoding_.top_k;
  const std::byte* classes = tensors_[0] + row * strides_[0];
  const std::byte* logs = tensors_[1] + row * strides_[1];
  const float* probability = probability_of_code().data();
  const auto class_at = [&](std::int64_t k) -> std::int64_t {
    return wide_classes_ ? load<std::int16_t>(classes + 2 * k)
                         : static_cast<std::int64_t>(static_cast<std::uint8_t>(classes[k]));
  };
  const auto probability_at = [&](std::int64_t k) {
    return encoding_.scalar == Encoding::Scalar::kU8
               ? probability[static_cast<std::uint8_t>(logs[k])]
               : std::exp(load_half(logs + 2 * k));
  };

  double sum = 0;
  for (std::int64_t k = 0; k < kept; ++k) {
    sum += probability_at(k);
  }
  const bool whole = kept == width_ || sum >= 1;
  const auto factor = static_cast<float>(whole ? 1 / sum : 1);
  const double rest = whole ? 0 : (1 - sum) / static_cast<double>(width_ - kept);
  std::fill_n(output, width_, static_cast<float>(rest));
  for (std::int64_t k = 0; k < kept; ++k) {
    output[class_at(k)] = factor * probability_at(k);
  }
}

}  // namespace tandem
