#include "tandem/view/batch_source.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <stdexcept>
#include <utility>

namespace tandem {

BatchSource::BatchSource(Dataset dataset, ViewPolicy policy, Normalisation normalisation,
                         std::int64_t batch_size, std::uint64_t order_seed, std::uint64_t view_seed,
                         std::int64_t pool)
    : dataset_(std::move(dataset)),
      policy_(std::move(policy)),
      normalisation_(std::move(normalisation)),
      batch_size_(batch_size),
      order_seed_(order_seed),
      view_seed_(view_seed),
      pool_(pool) {
  if (pool < 0) {
    throw std::invalid_argument(fmt::format(
        "batches of {}: expected a pool of 0 or more views, found {}", dataset_.name(), pool));
  }
  if (batch_size < 1) {
    throw std::invalid_argument(fmt::format(
        "batches of {}: expected a positive batch size, found {}", dataset_.name(), batch_size));
  }
}

Batch BatchSource::batch(std::int64_t step) {
  const std::int64_t last_step = kFusionEpoch * dataset_.size() / batch_size_ - 1;
  if (step < 0 || step > last_step) {
    throw std::invalid_argument(fmt::format("batches of {}: expected a step in 0..{}, found {}",
                                            dataset_.name(), last_step, step));
  }
  Batch batch;
  batch.labels = torch::empty({batch_size_}, torch::kInt64);
  std::int64_t* label = batch.labels.data_ptr<std::int64_t>();
  const std::int64_t* labels = dataset_.labels().data_ptr<std::int64_t>();
  const ImageShape shape = dataset_.image_shape();
  for (std::int64_t row = 0; row < batch_size_; ++row) {
    const std::int64_t visit = step * batch_size_ + row;
    const std::int64_t epoch = visit / dataset_.size();
    const std::int64_t index = order(epoch)[visit % dataset_.size()];
    const ViewKey key{view_seed_, static_cast<std::uint32_t>(pool_ > 0 ? epoch % pool_ : epoch),
                      static_cast<std::uint32_t>(index)};
    label[row] = labels[index];
    batch.indices.push_back(index);
    batch.view_keys.push_back(key);
    batch.views.push_back(policy_.draw(key, shape));
  }
  batch.pixels = apply_views(dataset_, batch.indices, batch.views);
  batch.images = normalise(batch.pixels, normalisation_);
  return batch;
}

double BatchSource::epochs_at(std::int64_t step) const {
  return static_cast<double>(step) * static_cast<double>(batch_size_) /
         static_cast<double>(dataset_.size());
}

const std::vector<std::int64_t>& BatchSource::order(std::int64_t epoch) {
  if (epoch != cached_epoch_) {
    const Key key{order_seed_, Stream::kOrder, static_cast<std::uint32_t>(epoch), 0};
    cached_order_ = permutation(dataset_.size(), key);
    cached_epoch_ = epoch;
  }
  return cached_order_;
}

}  // namespace tandem
