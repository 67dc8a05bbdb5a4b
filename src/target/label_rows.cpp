#include "tandem/target/label_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/core/interrupted.h"
#include "tandem/view/apply.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

constexpr std::size_t kViewsAtOnce = 256;

std::vector<std::int64_t> labels_of(const Dataset& dataset) {
  const std::int64_t* labels = dataset.labels().data_ptr<std::int64_t>();
  return {labels, labels + dataset.size()};
}

/// Views that wait for the teacher, each with the row that it counts for.
struct Pending {
  std::vector<ViewKey> keys;
  std::vector<std::int64_t> rows;
};

torch::Tensor answer(Teacher& teacher, const Dataset& dataset, const ViewPolicy& policy,
                     const StoreDescription& description, const std::vector<ViewKey>& keys) {
  std::vector<std::int64_t> indices;
  std::vector<View> views;
  for (const ViewKey& key : keys) {
    indices.push_back(key.index);
    views.push_back(policy.draw(key, dataset));
  }
  return teacher.answer(apply_views(dataset, indices, views), description.content,
                        description.temperature);
}

}  // namespace

ViewsOfRows::ViewsOfRows(const StoreDescription& description, const Dataset& dataset,
                         const std::vector<std::int64_t>& clusters)
    : view_seed_(description.view_seed),
      rows_(description.keys()),
      samples_(dataset.size()),
      per_view_(description.granularity.per_view()),
      fused_views_(description.fusion ? static_cast<std::uint32_t>(
                                            std::max<std::int64_t>(description.fusion->views, 1))
                                      : 1) {
  switch (description.granularity.kind) {
    case Granularity::Kind::kClass:
      group(labels_of(dataset));
      break;
    case Granularity::Kind::kCluster:
      group(clusters);
      break;
    case Granularity::Kind::kSample:
    case Granularity::Kind::kPool:
    case Granularity::Kind::kView:
      break;  // a row is of one sample
  }
}

void ViewsOfRows::group(const std::vector<std::int64_t>& row_of_sample) {
  groups_.resize(static_cast<std::size_t>(rows_));
  for (std::size_t i = 0; i < row_of_sample.size(); ++i) {
    groups_[static_cast<std::size_t>(row_of_sample[i])].push_back(static_cast<std::uint32_t>(i));
  }
}

std::int64_t ViewsOfRows::count(std::int64_t row) const {
  const std::int64_t samples =
      groups_.empty() ? 1 : std::ssize(groups_[static_cast<std::size_t>(row)]);
  return samples * fused_views_;
}

std::vector<ViewKey> ViewsOfRows::keys(std::int64_t row) const {
  if (per_view_) {
    return {{view_seed_, static_cast<std::uint32_t>(row / samples_),
             static_cast<std::uint32_t>(row % samples_)}};
  }
  std::vector<ViewKey> keys;
  const auto add = [&](std::uint32_t sample) {
    for (std::uint32_t view = 0; view < fused_views_; ++view) {
      keys.push_back({view_seed_, kFusionEpoch + view, sample});
    }
  };
  if (groups_.empty()) {
    add(static_cast<std::uint32_t>(row));
  } else {
    for (const std::uint32_t sample : groups_[static_cast<std::size_t>(row)]) {
      add(sample);
    }
  }
  return keys;
}

torch::Tensor label_rows(Teacher& teacher, const Dataset& dataset,
                         const StoreDescription& description, const ViewsOfRows& views,
                         const std::optional<Projection>& projection, RowRange rows,
                         const OnProgress& progress, std::stop_token stop) {
  const ViewPolicy policy = ViewPolicy::parse(description.views);
  torch::Tensor sums = torch::zeros({rows.size(), description.width}, torch::kFloat64);
  Pending pending;
  std::int64_t done = 0;
  const auto flush = [&] {
    if (stop.stop_requested()) {
      throw Interrupted();
    }
    torch::Tensor values = answer(teacher, dataset, policy, description, pending.keys);
    if (projection) {
      values = project(values, *projection);
    }
    sums.index_add_(0, torch::tensor(pending.rows, torch::kInt64), values.to(torch::kFloat64));
    done += std::ssize(pending.keys);
    pending = {};
    if (progress) {
      progress({done, 0, ""});
    }
  };
  torch::Tensor counts = torch::empty({rows.size(), 1}, torch::kFloat64);
  for (std::int64_t row = rows.first; row < rows.end; ++row) {
    counts[row - rows.first] = static_cast<double>(std::max<std::int64_t>(views.count(row), 1));
    for (const ViewKey& key : views.keys(row)) {
      pending.keys.push_back(key);
      pending.rows.push_back(row - rows.first);
      if (pending.keys.size() == kViewsAtOnce) {
        flush();
      }
    }
  }
  if (!pending.keys.empty()) {
    flush();
  }
  return (sums / counts).to(torch::kFloat32);
}

}  // namespace tandem
