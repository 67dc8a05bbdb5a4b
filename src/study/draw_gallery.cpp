#include "draw_gallery.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/view/batch_source.h"

namespace tandem {
namespace {

constexpr std::int64_t kSamples = 6;
constexpr std::int64_t kViews = 4;

/// The first sample of each of the first classes.
std::vector<std::int64_t> samples_to_show(const Dataset& dataset) {
  std::vector<std::int64_t> indices;
  const auto labels = dataset.labels().accessor<std::int64_t, 1>();
  for (std::int64_t label = 0; label < std::min(kSamples, dataset.class_count()); ++label) {
    for (std::int64_t i = 0; i < dataset.size(); ++i) {
      if (labels[i] == label) {
        indices.push_back(i);
        break;
      }
    }
  }
  return indices;
}

/// One visit of the samples, as a batch that any mapping can answer.
Batch visit(const Splits& splits, const TrialConfig& base, const std::vector<std::int64_t>& indices,
            std::uint32_t epoch) {
  std::vector<ViewKey> keys;
  for (const std::int64_t index : indices) {
    keys.push_back({view_seed(base.views, base.seed), epoch, static_cast<std::uint32_t>(index)});
  }
  return make_batch(splits.train, ViewPolicy::parse(base.views.policy), splits.normalisation,
                    std::move(keys));
}

}  // namespace

Gallery draw_gallery(const Splits& splits, const TrialConfig& base,
                     const std::vector<std::pair<std::string, Mapping*>>& mappings) {
  const std::vector<std::int64_t> indices = samples_to_show(splits.train);
  const torch::Tensor rows = torch::tensor(indices, torch::kInt64);
  Gallery gallery;
  gallery.samples = select(splits.train, indices).images();
  gallery.labels = splits.train.labels().index_select(0, rows);

  std::vector<torch::Tensor> views;
  std::map<std::string, std::vector<torch::Tensor>> targets;
  std::int64_t visits = kViews;
  for (const auto& [cell, mapping] : mappings) {
    visits = std::min(visits, mapping->visits());
  }
  for (std::uint32_t epoch = 0; epoch < visits; ++epoch) {
    const Batch batch = visit(splits, base, indices, epoch);
    views.push_back(batch.pixels);
    for (const auto& [cell, mapping] : mappings) {
      const Target target = mapping->targets(batch);
      if (target.content != Content::kFeatures) {
        targets[cell].push_back(
            target.content == Content::kLogits ? torch::softmax(target.values, 1) : target.values);
      }
    }
  }
  gallery.views = torch::stack(views, 1);
  for (const auto& [cell, values] : targets) {
    gallery.targets[cell] = torch::stack(values, 1);
  }
  return gallery;
}

}  // namespace tandem
