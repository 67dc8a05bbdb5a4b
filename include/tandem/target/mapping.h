#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "tandem/target/target.h"
#include "tandem/target/teacher.h"
#include "tandem/view/batch_source.h"

namespace tandem {

/// Joins samples to targets: for each row of a batch, the target that stands at its target key.
class Mapping {
 public:
  virtual ~Mapping() = default;

  virtual Target targets(const Batch& batch) = 0;
  virtual std::int64_t width() const = 0;  ///< scalars per target
};

/// Targets that stand in a table, one row per target key; the key is the class (`class`) or the
/// sample (`sample`).
class TableMapping : public Mapping {
 public:
  /// `table` is fp32 [keys, width]. Throws std::invalid_argument for another dtype or shape, or for
  /// granularity `view`, which has no table.
  TableMapping(Granularity granularity, Content content, torch::Tensor table,
               double temperature = 1);

  Target targets(const Batch& batch) override;
  std::int64_t width() const override { return table_.size(1); }

 private:
  Granularity granularity_;
  Content content_;
  torch::Tensor table_;
  double temperature_;
};

/// `view`: the teacher answers every view as it comes, through the pixels that the student sees.
class OnlineMapping : public Mapping {
 public:
  OnlineMapping(Content content, std::shared_ptr<Teacher> teacher, double temperature = 1);

  Target targets(const Batch& batch) override;
  std::int64_t width() const override;

 private:
  Content content_;
  std::shared_ptr<Teacher> teacher_;
  double temperature_;
};

/// Table of one-hot (smoothing 0) or smoothed targets: fp32 [classes, classes], row c is
/// `(1 - smoothing) * onehot(c) + smoothing / classes` (Szegedy et al., arXiv:1512.00567).
torch::Tensor class_table(std::int64_t class_count, double smoothing);

/// The canary: the same rows in an order drawn from Stream::kShuffleTargets of `seed`, so that
/// nearly every key holds some other key's target.
torch::Tensor shuffle_rows(const torch::Tensor& table, std::uint64_t seed);

}  // namespace tandem
