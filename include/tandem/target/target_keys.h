#pragma once

#include <cstdint>
#include <vector>

#include "tandem/target/granularity.h"
#include "tandem/view/batch_source.h"

namespace tandem {

/// Granularity made countable: the function from a view's address to the row of its target.
///
///   class: c_i    cluster: cluster of i    sample: i    pool, view: e * samples + i, e < epochs
class TargetKeys {
 public:
  /// Those of a granularity. `clusters` names the row of each sample and is asked of kCluster
  /// alone.
  static TargetKeys of(const Granularity& granularity, const ViewExtent& views,
                       std::vector<std::int64_t> clusters);

  static TargetKeys per_class(std::int64_t classes);
  static TargetKeys per_sample(std::int64_t samples);

  /// `row_of_sample` int64 [samples] names the cluster of each; clusters are 0..`clusters`-1.
  static TargetKeys per_cluster(std::vector<std::int64_t> row_of_sample, std::int64_t clusters);

  static TargetKeys per_view(const ViewExtent& views);

  /// Rows that there are.
  std::int64_t count() const { return groups_ * epochs_; }

  /// Visits of each sample that have rows; the largest number there is where they share one.
  std::int64_t visits() const;

  /// Row of each view of the batch. Throws std::runtime_error for a visit that has no targets.
  std::vector<std::int64_t> rows(const Batch& batch) const;

  /// The canary: keys that lead to the row of some other class, cluster or sample, by a permutation
  /// drawn from Stream::kShuffleTargets of `seed`.
  TargetKeys shuffled(std::uint64_t seed) const;

 private:
  enum class Group { kClass, kCluster, kSample };

  std::int64_t group(const Batch& batch, std::size_t k) const;

  Group kind_ = Group::kClass;
  std::int64_t groups_ = 0;
  std::int64_t epochs_ = 1;
  bool per_view_ = false;
  std::vector<std::int64_t> cluster_of_sample_;
  std::vector<std::int64_t> order_;  ///< permutation of the groups; empty: as they are
};

}  // namespace tandem
