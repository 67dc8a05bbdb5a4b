#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/view/apply.h"
#include "tandem/view/view_policy.h"

namespace tandem {

/// What one training step sees. `k`-th entries of all members belong together.
struct Batch {
  torch::Tensor pixels;               ///< uint8 [b, channels, height, width]: the views
  torch::Tensor images;               ///< fp32 [b, channels, height, width], normalised
  torch::Tensor labels;               ///< int64 [b], class ids
  std::vector<std::int64_t> indices;  ///< sample of each row, within the data set
  std::vector<ViewKey> view_keys;     ///< address of each row's view
  std::vector<View> views;            ///< drawn parameters of each row's view

  /// Of the samples that views are mixed with; undefined where the policy mixes none.
  torch::Tensor partner_labels;  ///< int64 [b]
  torch::Tensor shares;          ///< fp32 [b]: how much of each target stays with its own sample

  std::int64_t size() const { return static_cast<std::int64_t>(indices.size()); }
  bool mixed() const { return shares.defined(); }

  /// Of a mixed batch, the partners' views by address: indices, labels and view_keys, row by row.
  Batch partners() const;

  /// What each view shows, fp32 [b, classes]: `share` at its sample's class, the rest at the
  /// partner's.
  torch::Tensor class_shares(std::int64_t classes) const;
};

/// The batch of the views at `keys`.
Batch make_batch(const Dataset& dataset, const ViewPolicy& policy,
                 const Normalisation& normalisation, std::vector<ViewKey> keys);

/// How a data set is cut into batches.
struct BatchOptions {
  std::int64_t size = 128;       ///< views in each
  std::uint64_t order_seed = 0;  ///< decides which samples come when
  std::uint64_t view_seed = 0;   ///< decides how they are augmented
  std::int64_t pool = 0;         ///< views per sample that exist; visits go round them; 0: no bound
};

/// Endless batches in keyed order: step -> batch is a pure function of the seeds, so any step can
/// be asked for at any time (resume needs no state). Every epoch visits each sample once, in the
/// order of permutation(size, {seed, kOrder, epoch}); batches run over epoch borders, none is
/// short. Views are those of visit e, or of visit e mod P where only P views per sample exist.
class BatchSource {
 public:
  /// Throws std::invalid_argument unless the size is positive and the pool is not negative.
  BatchSource(Dataset dataset, ViewPolicy policy, Normalisation normalisation,
              const BatchOptions& options);

  /// Batch of step 0, 1, 2, ... Asking in order is fast; going back costs a permutation.
  /// Throws std::invalid_argument for a negative step and one past epoch kFusionEpoch - 1.
  Batch batch(std::int64_t step);

  /// Passes over the data set that steps 0..step-1 make, as a fraction.
  double epochs_at(std::int64_t step) const;

  const Dataset& dataset() const { return dataset_; }
  const ViewPolicy& policy() const { return policy_; }
  const Normalisation& normalisation() const { return normalisation_; }
  std::int64_t batch_size() const { return options_.size; }

 private:
  const std::vector<std::int64_t>& order(std::int64_t epoch);

  Dataset dataset_;
  ViewPolicy policy_;
  Normalisation normalisation_;
  BatchOptions options_;
  std::int64_t cached_epoch_ = -1;
  std::vector<std::int64_t> cached_order_;
};

}  // namespace tandem
