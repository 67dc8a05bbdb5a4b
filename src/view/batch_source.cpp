#include "tandem/view/batch_source.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <stdexcept>
#include <utility>

#include "pixels/pixel_map.h"
#include "render_views.h"

namespace tandem {

namespace {

torch::Tensor labels_of(const Dataset& dataset, const std::vector<std::int64_t>& indices) {
  return dataset.labels().index_select(0, torch::tensor(indices, torch::kInt64));
}

}  // namespace

Batch Batch::partners() const {
  Batch partners;
  partners.labels = partner_labels;
  for (std::size_t row = 0; row < views.size(); ++row) {
    const std::uint32_t partner = views[row].mixture->partner;
    partners.indices.push_back(partner);
    partners.view_keys.push_back({view_keys[row].seed, view_keys[row].epoch, partner});
  }
  return partners;
}

torch::Tensor Batch::class_shares(std::int64_t classes) const {
  const torch::Tensor own = mixed() ? shares.unsqueeze(1) : torch::ones({size(), 1});
  torch::Tensor rows = torch::zeros({size(), classes}).scatter_add_(1, labels.unsqueeze(1), own);
  return mixed() ? rows.scatter_add_(1, partner_labels.unsqueeze(1), 1 - own) : rows;
}

Batch make_batch(const Dataset& dataset, const ViewPolicy& policy,
                 const Normalisation& normalisation, std::vector<ViewKey> keys) {
  Batch batch;
  std::vector<std::int64_t> partners;
  std::vector<float> shares;
  batch.indices.reserve(keys.size());
  batch.views.reserve(keys.size());
  for (const ViewKey& key : keys) {
    batch.indices.push_back(key.index);
    batch.views.push_back(policy.draw(key, dataset));
    if (const auto& mixture = batch.views.back().mixture) {
      partners.push_back(mixture->partner);
      shares.push_back(static_cast<float>(mixture->share));
    }
  }
  batch.view_keys = std::move(keys);
  const auto [channels, height, width] = dataset.image_shape();
  batch.pixels = torch::empty({batch.size(), channels, height, width}, torch::kUInt8);
  batch.images = torch::empty(batch.pixels.sizes(), torch::kFloat32);
  const PixelMap map(normalisation, channels);
  render_views(dataset, batch.indices, batch.views, batch.pixels.data_ptr<std::uint8_t>(), &map,
               batch.images.data_ptr<float>());
  batch.labels = labels_of(dataset, batch.indices);
  if (policy.mixes()) {
    batch.partner_labels = labels_of(dataset, partners);
    batch.shares = torch::tensor(shares);
  }
  return batch;
}

BatchSource::BatchSource(Dataset dataset, ViewPolicy policy, Normalisation normalisation,
                         const BatchOptions& options)
    : dataset_(std::move(dataset)),
      policy_(std::move(policy)),
      normalisation_(std::move(normalisation)),
      options_(options) {
  if (options.pool < 0) {
    throw std::invalid_argument(
        fmt::format("batches of {}: expected a pool of 0 or more views, found {}", dataset_.name(),
                    options.pool));
  }
  if (options.size < 1) {
    throw std::invalid_argument(fmt::format(
        "batches of {}: expected a positive batch size, found {}", dataset_.name(), options.size));
  }
}

Batch BatchSource::batch(std::int64_t step) {
  const std::int64_t size = options_.size, pool = options_.pool;
  const std::int64_t last_step = kFusionEpoch * dataset_.size() / size - 1;
  if (step < 0 || step > last_step) {
    throw std::invalid_argument(fmt::format("batches of {}: expected a step in 0..{}, found {}",
                                            dataset_.name(), last_step, step));
  }
  std::vector<ViewKey> keys;
  keys.reserve(static_cast<std::size_t>(size));
  for (std::int64_t row = 0; row < size; ++row) {
    const std::int64_t visit = step * size + row;
    const std::int64_t epoch = visit / dataset_.size();
    const std::int64_t index = order(epoch)[visit % dataset_.size()];
    keys.push_back({options_.view_seed, static_cast<std::uint32_t>(pool > 0 ? epoch % pool : epoch),
                    static_cast<std::uint32_t>(index)});
  }
  return make_batch(dataset_, policy_, normalisation_, std::move(keys));
}

double BatchSource::epochs_at(std::int64_t step) const {
  return static_cast<double>(step) * static_cast<double>(options_.size) /
         static_cast<double>(dataset_.size());
}

const std::vector<std::int64_t>& BatchSource::order(std::int64_t epoch) {
  if (epoch != cached_epoch_) {
    const Key key{options_.order_seed, Stream::kOrder, static_cast<std::uint32_t>(epoch), 0};
    cached_order_ = permutation(dataset_.size(), key);
    cached_epoch_ = epoch;
  }
  return cached_order_;
}

}  // namespace tandem
