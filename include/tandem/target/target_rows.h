#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>

namespace tandem {

/// Targets that stand ready, one to a row.
class TargetRows {
 public:
  virtual ~TargetRows() = default;

  /// fp32 [rows, width()]. Throws std::invalid_argument for a row that is not there.
  virtual torch::Tensor read(std::span<const std::int64_t> rows) const = 0;
  virtual std::int64_t count() const = 0;
  virtual std::int64_t width() const = 0;
};

/// Rows of a tensor in memory.
class TensorRows : public TargetRows {
 public:
  /// `table` is fp32 [rows, width]. Throws std::invalid_argument for another dtype or shape.
  explicit TensorRows(torch::Tensor table);

  torch::Tensor read(std::span<const std::int64_t> rows) const override;
  std::int64_t count() const override { return table_.size(0); }
  std::int64_t width() const override { return table_.size(1); }

 private:
  torch::Tensor table_;
};

/// Table of one-hot (smoothing 0) or smoothed targets: fp32 [classes, classes], row c is
/// `(1 - smoothing) * onehot(c) + smoothing / classes` (Szegedy et al., arXiv:1512.00567).
torch::Tensor class_targets(std::int64_t class_count, double smoothing);

}  // namespace tandem
