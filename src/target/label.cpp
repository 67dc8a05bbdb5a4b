#include "tandem/target/label.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "tandem/core/interrupted.h"
#include "tandem/view/apply.h"

namespace tandem {
namespace {

constexpr std::int64_t kSamplesAtOnce = 256;

/// Views of samples `indices` that are fused to one target: the canonical one, or one of M.
std::vector<View> views_to_fuse(const std::vector<std::int64_t>& indices, const ViewPolicy& policy,
                                const ImageShape& shape, bool canonical, std::uint64_t view_seed,
                                std::uint32_t epoch) {
  std::vector<View> views;
  views.reserve(indices.size());
  for (const std::int64_t index : indices) {
    views.push_back(
        canonical ? canonical_view(shape)
                  : policy.draw({view_seed, epoch, static_cast<std::uint32_t>(index)}, shape));
  }
  return views;
}

torch::Tensor mean_by_class(const torch::Tensor& values, const Dataset& dataset) {
  const torch::Tensor labels = dataset.labels();
  torch::Tensor sums = torch::zeros({dataset.class_count(), values.size(1)}, torch::kFloat64);
  sums.index_add_(0, labels, values.to(torch::kFloat64));
  const torch::Tensor counts = torch::bincount(labels, {}, dataset.class_count());
  return (sums / counts.clamp_min(1).unsqueeze(1)).to(torch::kFloat32);
}

}  // namespace

TargetTable label_dataset(Teacher& teacher, const Dataset& dataset, const ViewPolicy& policy,
                          const TargetConfig& config, std::uint64_t view_seed,
                          const LabelProgress& progress, std::stop_token stop) {
  const Granularity granularity = parse_granularity(config.granularity);
  const Content content = parse_content(config.content);
  if (granularity == Granularity::kView) {
    throw std::invalid_argument("label_dataset: targets per view are not one table per sample");
  }
  const std::int64_t drawn_views = fusion_views(config.fusion);
  const std::int64_t passes = std::max<std::int64_t>(drawn_views, 1);
  const auto begin = std::chrono::steady_clock::now();

  std::vector<torch::Tensor> rows;
  for (std::int64_t first = 0; first < dataset.size(); first += kSamplesAtOnce) {
    if (stop.stop_requested()) {
      throw Interrupted();
    }
    std::vector<std::int64_t> indices(std::min(kSamplesAtOnce, dataset.size() - first));
    std::iota(indices.begin(), indices.end(), first);
    torch::Tensor sum;
    for (std::int64_t pass = 0; pass < passes; ++pass) {
      const auto views = views_to_fuse(indices, policy, dataset.image_shape(), drawn_views == 0,
                                       view_seed, kFusionEpoch + static_cast<std::uint32_t>(pass));
      const torch::Tensor values =
          teacher.answer(apply_views(dataset, indices, views), content, config.temperature);
      sum = pass == 0 ? values : sum + values;
    }
    rows.push_back(sum / static_cast<double>(passes));
    if (progress) {
      progress(first + static_cast<std::int64_t>(indices.size()));
    }
  }
  torch::Tensor values = torch::cat(rows);
  if (granularity == Granularity::kClass) {
    values = mean_by_class(values, dataset);
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  return {values.clone(), elapsed.count()};
}

}  // namespace tandem
