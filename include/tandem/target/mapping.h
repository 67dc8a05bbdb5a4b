#pragma once

#include <torch/types.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "tandem/target/target.h"
#include "tandem/target/target_keys.h"
#include "tandem/target/target_rows.h"
#include "tandem/target/teacher.h"
#include "tandem/view/batch_source.h"

namespace tandem {

/// Joins samples to targets: for each row of a batch, the target that stands at its target key.
class Mapping {
 public:
  virtual ~Mapping() = default;

  virtual Target targets(const Batch& batch) = 0;
  virtual std::int64_t width() const = 0;  ///< scalars per target

  /// How many visits of each sample it has targets for.
  virtual std::int64_t visits() const { return std::numeric_limits<std::int64_t>::max(); }
};

/// Targets that stand ready, in a store or a table: keys say which row, rows hold it.
class StoredMapping : public Mapping {
 public:
  /// Throws std::invalid_argument where keys and rows are not equally many.
  StoredMapping(TargetKeys keys, std::shared_ptr<const TargetRows> rows, Content content,
                double temperature = 1);

  Target targets(const Batch& batch) override;
  std::int64_t width() const override { return rows_->width(); }
  std::int64_t visits() const override { return keys_.visits(); }

 private:
  TargetKeys keys_;
  std::shared_ptr<const TargetRows> rows_;
  Content content_;
  double temperature_;
};

/// Ordinary training: one-hot (smoothing 0) or smoothed targets, one per class.
std::unique_ptr<Mapping> class_mapping(std::int64_t class_count, double smoothing = 0);

/// Targets of views that are mixed with other samples' (MixUp, CutMix) where no teacher saw the
/// mixture: the sample's target and the partner's, each what `inner` says for a view that is not
/// mixed, in the proportion of the mixture (Zhang et al., arXiv:1710.09412). This holds for every
/// granularity and content: one-hot and probs stay distributions, logits and features are mixed as
/// vectors. Of a batch that is not mixed the targets are those of `inner`.
class MixedMapping : public Mapping {
 public:
  explicit MixedMapping(std::unique_ptr<Mapping> inner) : inner_(std::move(inner)) {}

  Target targets(const Batch& batch) override;
  std::int64_t width() const override { return inner_->width(); }
  std::int64_t visits() const override { return inner_->visits(); }

 private:
  std::unique_ptr<Mapping> inner_;
};

/// `pool` and `view`: the teacher answers every view as it comes.
class OnlineMapping : public Mapping {
 public:
  /// The teacher sees what the student sees, mixtures included.
  OnlineMapping(Content content, std::shared_ptr<Teacher> teacher, double temperature = 1);

  /// The teacher sees the same samples under `policy`, drawn at the same keys: an augmentation that
  /// both policies hold draws the same parameters, so a weaker policy is the student's view with
  /// something left out.
  OnlineMapping(Content content, std::shared_ptr<Teacher> teacher, double temperature,
                Dataset dataset, ViewPolicy policy);

  Target targets(const Batch& batch) override;
  std::int64_t width() const override;

 private:
  struct OwnViews {
    Dataset dataset;
    ViewPolicy policy;
  };

  Content content_;
  std::shared_ptr<Teacher> teacher_;
  double temperature_;
  std::optional<OwnViews> own_views_;
};

}  // namespace tandem
