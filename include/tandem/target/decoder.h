#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tandem/target/encoding.h"

namespace tandem {

/// Turns encoded targets back into fp32, from any rows of tensors that stand in memory (a mapped
/// file, say).
class Decoder {
 public:
  /// `tensors` holds the first byte of each of row_tensors(), in their order; they must outlive the
  /// decoder. No alignment is needed.
  Decoder(const Encoding& encoding, Content content, std::int64_t width,
          std::vector<const std::byte*> tensors);

  /// Writes targets of `rows`, fp32 [rows, width], to `output`. Rows that lie apart are fetched
  /// ahead. The rows must exist, and the classes of top-k rows be below the width: neither is
  /// checked here.
  void gather(std::span<const std::int64_t> rows, float* output) const;

 private:
  void gather_top_k(std::span<const std::int64_t> rows, float* output) const;

  Encoding encoding_;
  bool probs_;
  std::int64_t width_;
  std::vector<const std::byte*> tensors_;
  std::vector<std::int64_t> strides_;  ///< bytes per row of each tensor
  bool wide_classes_;                  ///< classes take two bytes
};

}  // namespace tandem
