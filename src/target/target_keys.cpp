#include "tandem/target/target_keys.h"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>
#include <utility>

namespace tandem {

TargetKeys TargetKeys::of(const Granularity& granularity, const ViewExtent& views,
                          std::vector<std::int64_t> clusters) {
  switch (granularity.kind) {
    case Granularity::Kind::kClass:
      return per_class(views.classes);
    case Granularity::Kind::kCluster:
      return per_cluster(std::move(clusters), granularity.targets(views));
    case Granularity::Kind::kSample:
      return per_sample(views.samples);
    case Granularity::Kind::kPool:
    case Granularity::Kind::kView:
      return per_view(views);
  }
  throw std::invalid_argument("TargetKeys: unknown kind of granularity");
}

TargetKeys TargetKeys::per_class(std::int64_t classes) {
  TargetKeys keys;
  keys.groups_ = classes;
  return keys;
}

TargetKeys TargetKeys::per_sample(std::int64_t samples) {
  TargetKeys keys;
  keys.kind_ = Group::kSample;
  keys.groups_ = samples;
  return keys;
}

TargetKeys TargetKeys::per_cluster(std::vector<std::int64_t> row_of_sample, std::int64_t clusters) {
  TargetKeys keys;
  keys.kind_ = Group::kCluster;
  keys.groups_ = clusters;
  keys.cluster_of_sample_ = std::move(row_of_sample);
  return keys;
}

TargetKeys TargetKeys::per_view(const ViewExtent& views) {
  TargetKeys keys = per_sample(views.samples);
  keys.epochs_ = views.epochs;
  keys.per_view_ = true;
  return keys;
}

std::int64_t TargetKeys::group(const Batch& batch, std::size_t k) const {
  switch (kind_) {
    case Group::kClass:
      return batch.labels.data_ptr<std::int64_t>()[k];
    case Group::kCluster:
      return cluster_of_sample_.at(static_cast<std::size_t>(batch.indices[k]));
    case Group::kSample:
      return batch.indices[k];
  }
  throw std::invalid_argument("TargetKeys: unknown group");
}

std::vector<std::int64_t> TargetKeys::rows(const Batch& batch) const {
  std::vector<std::int64_t> rows(batch.indices.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    rows[k] = group(batch, k);
    if (!order_.empty()) {
      rows[k] = order_[static_cast<std::size_t>(rows[k])];
    }
    if (per_view_) {
      const std::int64_t epoch = batch.view_keys[k].epoch;
      if (epoch >= epochs_) {
        throw std::runtime_error(fmt::format(
            "there are targets for visits 0..{} of each sample, and training has come to visit {}: "
            "label more epochs, train shorter, or set views.pool = {} to go round the stored views",
            epochs_ - 1, epoch, epochs_));
      }
      rows[k] += epoch * groups_;
    }
  }
  return rows;
}

std::int64_t TargetKeys::visits() const {
  return per_view_ ? epochs_ : std::numeric_limits<std::int64_t>::max();
}

TargetKeys TargetKeys::shuffled(std::uint64_t seed) const {
  TargetKeys keys = *this;
  keys.order_ = permutation(groups_, {seed, Stream::kShuffleTargets});
  return keys;
}

}  // namespace tandem
