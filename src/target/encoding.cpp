#include "tandem/target/encoding.h"

#include <c10/util/Half.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "probability_code.h"
#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr std::string_view kTopK = "top-k:";
constexpr std::int64_t kClassesInOneByte = 256;
constexpr std::int64_t kClassesInTwoBytes = 32768;
constexpr float kLowestFp16 = -65504;

std::string_view text_of(Encoding::Scalar scalar) {
  return scalar == Encoding::Scalar::kFp32   ? "fp32"
         : scalar == Encoding::Scalar::kFp16 ? "fp16"
                                             : "u8";
}

torch::Dtype dtype_of(Encoding::Scalar scalar) {
  return scalar == Encoding::Scalar::kFp32   ? torch::kFloat32
         : scalar == Encoding::Scalar::kFp16 ? torch::kHalf
                                             : torch::kUInt8;
}

/// log p of each value, and the lowest number that fp16 can hold for p = 0.
torch::Tensor log_probabilities(const torch::Tensor& probs) {
  return probs.log().clamp_min(kLowestFp16);
}

torch::Tensor to_codes(const torch::Tensor& log_probs) {
  const torch::Tensor contiguous = log_probs.contiguous();
  torch::Tensor codes = torch::empty(contiguous.sizes(), torch::kUInt8);
  const float* source = contiguous.data_ptr<float>();
  std::transform(source, source + contiguous.numel(), codes.data_ptr<std::uint8_t>(), code_of);
  return codes;
}

/// The nearest half that is not below (`up`) or not above `value`, as a float.
float to_half(float value, bool up) {
  std::uint16_t bits = c10::detail::fp16_ieee_from_fp32_value(value);
  const float nearest = c10::detail::fp16_ieee_to_fp32_value(bits);
  if (up ? nearest >= value : nearest <= value) {
    return nearest;
  }
  // Halves of one sign are ordered as their bits are; zero has a neighbour on either side.
  if ((bits & 0x7fff) == 0) {
    bits = up ? 0x0001 : 0x8001;
  } else {
    bits = (nearest > 0) == up ? bits + 1 : bits - 1;
  }
  return c10::detail::fp16_ieee_to_fp32_value(bits);
}

/// "u8" of values without bounds: each row is low + step * code. Low is rounded down and step up,
/// so that every value lies within low..low + 255 step; the codes are made for these halves, which
/// are what a reader sees.
std::vector<torch::Tensor> encode_ranged(const torch::Tensor& values) {
  const std::int64_t rows = values.size(0), width = values.size(1);
  torch::Tensor ranges = torch::empty({rows, 2}, torch::kFloat32);
  torch::Tensor codes = torch::empty({rows, width}, torch::kUInt8);
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* value = values.data_ptr<float>() + row * width;
    std::uint8_t* code = codes.data_ptr<std::uint8_t>() + row * width;
    const auto [lowest, highest] = std::minmax_element(value, value + width);
    const float low = to_half(*lowest, /*up=*/false);
    const float step = to_half((*highest - low) / 255, /*up=*/true);
    std::transform(value, value + width, code, [&](float v) {
      return static_cast<std::uint8_t>(
          step > 0 ? std::clamp(std::round((v - low) / step), 0.0F, 255.0F) : 0);
    });
    ranges.data_ptr<float>()[2 * row] = low;
    ranges.data_ptr<float>()[2 * row + 1] = step;
  }
  return {ranges.to(torch::kHalf), codes};
}

/// Classes of the K largest values of a row, by falling value; of equals the smaller class first.
void find_top_k(const float* values, std::vector<std::int64_t>& order, std::int64_t k) {
  std::iota(order.begin(), order.end(), 0);
  std::partial_sort(order.begin(), order.begin() + k, order.end(),
                    [&](std::int64_t a, std::int64_t b) {
                      return values[a] != values[b] ? values[a] > values[b] : a < b;
                    });
}

std::vector<torch::Tensor> encode_top_k(const Encoding& encoding, const torch::Tensor& values) {
  const std::int64_t rows = values.size(0), width = values.size(1), k = encoding.top_k;
  torch::Tensor classes = torch::empty({rows, k}, torch::kInt64);
  std::vector<std::int64_t> order(static_cast<std::size_t>(width));
  for (std::int64_t row = 0; row < rows; ++row) {
    find_top_k(values.data_ptr<float>() + row * width, order, k);
    std::copy_n(order.begin(), k, classes.data_ptr<std::int64_t>() + row * k);
  }
  const torch::Tensor log_probs = log_probabilities(values.gather(1, classes));
  return {
      classes.to(width <= kClassesInOneByte ? torch::kUInt8 : torch::kInt16),
      encoding.scalar == Encoding::Scalar::kU8 ? to_codes(log_probs) : log_probs.to(torch::kHalf)};
}

}  // namespace

Encoding Encoding::parse(std::string_view text) {
  Encoding encoding;
  std::string_view scalar = text;
  bool good = true;
  if (text.starts_with(kTopK)) {
    const auto [count, after] = split_parameter(text.substr(kTopK.size()));
    encoding.top_k = parse_number<std::int64_t>(count).value_or(0);
    good = encoding.top_k >= 1;
    scalar = after.value_or("");
  }
  for (const Scalar known : {Scalar::kFp32, Scalar::kFp16, Scalar::kU8}) {
    if (good && scalar == text_of(known) && !(encoding.top_k > 0 && known == Scalar::kFp32)) {
      encoding.scalar = known;
      return encoding;
    }
  }
  throw std::invalid_argument(fmt::format(
      "encoding: expected fp32, fp16, u8, top-k:K:fp16 or top-k:K:u8 with K >= 1, got '{}'", text));
}

std::string Encoding::text() const {
  return top_k > 0 ? fmt::format("{}{}:{}", kTopK, top_k, text_of(scalar))
                   : std::string(text_of(scalar));
}

void check_encoding(const Encoding& encoding, Content content, std::int64_t width) {
  if (encoding.top_k == 0) {
    return;
  }
  if (content != Content::kProbs) {
    throw std::invalid_argument(
        fmt::format("encoding '{}' keeps the largest probabilities; {} need a dense one (fp32, "
                    "fp16, u8)",
                    encoding.text(), text_of(content)));
  }
  if (encoding.top_k > width || width > kClassesInTwoBytes) {
    throw std::invalid_argument(
        fmt::format("encoding '{}': expected K <= classes <= {}, got {} classes", encoding.text(),
                    kClassesInTwoBytes, width));
  }
}

std::int64_t RowTensor::bytes_per_row() const {
  return columns * static_cast<std::int64_t>(torch::elementSize(dtype));
}

std::vector<RowTensor> row_tensors(const Encoding& encoding, Content content, std::int64_t width) {
  check_encoding(encoding, content, width);
  if (encoding.top_k > 0) {
    return {{"classes", width <= kClassesInOneByte ? torch::kUInt8 : torch::kInt16, encoding.top_k},
            {"log_probs", dtype_of(encoding.scalar), encoding.top_k}};
  }
  if (encoding.scalar == Encoding::Scalar::kU8 && content != Content::kProbs) {
    return {{"ranges", torch::kHalf, 2}, {"values", torch::kUInt8, width}};
  }
  return {{"values", dtype_of(encoding.scalar), width}};
}

std::int64_t bytes_per_target(const Encoding& encoding, Content content, std::int64_t width) {
  std::int64_t bytes = 0;
  for (const RowTensor& tensor : row_tensors(encoding, content, width)) {
    bytes += tensor.bytes_per_row();
  }
  return bytes;
}

std::vector<torch::Tensor> encode(const Encoding& encoding, Content content,
                                  const torch::Tensor& values) {
  if (values.scalar_type() != torch::kFloat32 || values.dim() != 2) {
    throw std::invalid_argument(fmt::format("encode: expected fp32 [n, width], got {} {}D",
                                            torch::toString(values.scalar_type()), values.dim()));
  }
  check_encoding(encoding, content, values.size(1));
  const torch::Tensor rows = values.contiguous();
  if (encoding.scalar != Encoding::Scalar::kFp32 && rows.numel() > 0 &&
      !(rows.abs().max().item<float>() <= -kLowestFp16)) {
    throw std::runtime_error(fmt::format("encoding '{}' holds numbers up to {}, got {}; use fp32",
                                         encoding.text(), -kLowestFp16,
                                         rows.abs().max().item<float>()));
  }
  if (encoding.top_k > 0) {
    return encode_top_k(encoding, rows);
  }
  if (encoding.scalar != Encoding::Scalar::kU8) {
    return {rows.to(dtype_of(encoding.scalar))};
  }
  if (content == Content::kProbs) {
    return {to_codes(log_probabilities(rows))};
  }
  return encode_ranged(rows);
}

}  // namespace tandem
