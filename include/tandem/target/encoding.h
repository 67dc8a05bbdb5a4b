#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/target/content.h"

namespace tandem {

/// How targets stand in a store: dense ("fp32", "fp16", "u8"), or the K most probable classes with
/// their log-probabilities ("top-k:K:fp16", "top-k:K:u8").
struct Encoding {
  enum class Scalar { kFp32, kFp16, kU8 };
  Scalar scalar = Scalar::kFp32;
  std::int64_t top_k = 0;  ///< 0: dense

  /// Throws std::invalid_argument that lists the forms.
  static Encoding parse(std::string_view text);
  std::string text() const;

  friend bool operator==(const Encoding&, const Encoding&) = default;
};

/// Throws std::invalid_argument where `encoding` cannot hold targets of `width` scalars: top-k of
/// anything but probs, K beyond the classes, more classes than 16 bits can name.
void check_encoding(const Encoding& encoding, Content content, std::int64_t width);

/// One tensor of a store that has a row for each target.
struct RowTensor {
  std::string name;
  torch::Dtype dtype;
  std::int64_t columns = 0;

  std::int64_t bytes_per_row() const;
};

/// The tensors that hold encoded targets, in the order of their names; docs/target-store.md says
/// what stands in them.
std::vector<RowTensor> row_tensors(const Encoding& encoding, Content content, std::int64_t width);

/// Bytes of one encoded target.
std::int64_t bytes_per_target(const Encoding& encoding, Content content, std::int64_t width);

/// `values` fp32 [n, width] -> one tensor [n, columns] for each of row_tensors(), in their order.
/// Throws std::invalid_argument for another shape or dtype and as check_encoding does.
std::vector<torch::Tensor> encode(const Encoding& encoding, Content content,
                                  const torch::Tensor& values);

}  // namespace tandem
