#include "cluster.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {
namespace {

constexpr int kMostRounds = 100;

torch::Tensor squared_distances(const torch::Tensor& points, const torch::Tensor& centre) {
  return (points - centre).square().sum(1);
}

/// The first centre is uniform, each next one falls on a point with probability proportional to its
/// squared distance from the nearest centre so far.
torch::Tensor seed_centres(const torch::Tensor& points, std::int64_t count, RandomStream& random) {
  const std::int64_t size = points.size(0);
  std::vector<torch::Tensor> centres{points[random.below(static_cast<std::uint32_t>(size))]};
  torch::Tensor nearest = squared_distances(points, centres.back());
  while (std::ssize(centres) < count) {
    const torch::Tensor cumulated = nearest.cumsum(0);
    const double drawn = random.uniform() * cumulated[size - 1].item<double>();
    const std::int64_t place =
        std::min(torch::searchsorted(cumulated, torch::tensor(drawn, torch::kFloat64),
                                     /*out_int32=*/false, /*right=*/true)
                     .item<std::int64_t>(),
                 size - 1);
    centres.push_back(points[place]);
    nearest = torch::minimum(nearest, squared_distances(points, centres.back()));
  }
  return torch::stack(centres);
}

/// Gives each empty cluster the point that is farthest from its centre, among clusters of several.
void fill_empty(torch::Tensor& clusters, const torch::Tensor& distances, std::int64_t count) {
  torch::Tensor own = distances.gather(1, clusters.unsqueeze(1)).squeeze(1);
  torch::Tensor sizes = torch::bincount(clusters, {}, count);
  for (std::int64_t cluster = 0; cluster < count; ++cluster) {
    if (sizes[cluster].item<std::int64_t>() > 0) {
      continue;
    }
    const torch::Tensor shared = sizes.index_select(0, clusters) > 1;
    const auto point = own.masked_fill(shared.logical_not(), -1).argmax().item<std::int64_t>();
    sizes[clusters[point].item<std::int64_t>()] -= 1;
    sizes[cluster] += 1;
    clusters[point] = cluster;
    own[point] = 0;
  }
}

torch::Tensor means(const torch::Tensor& points, const torch::Tensor& clusters,
                    std::int64_t count) {
  torch::Tensor sums = torch::zeros({count, points.size(1)}, points.options());
  sums.index_add_(0, clusters, points);
  return sums / torch::bincount(clusters, {}, count).unsqueeze(1);
}

}  // namespace

std::vector<std::int64_t> k_means(const torch::Tensor& points, std::int64_t count, const Key& key) {
  if (count < 1 || count > points.size(0)) {
    throw std::invalid_argument(fmt::format("k-means: expected 1..{} clusters of {} points, got {}",
                                            points.size(0), points.size(0), count));
  }
  const torch::Tensor exact = points.to(torch::kFloat64);
  RandomStream random(key);
  torch::Tensor centres = seed_centres(exact, count, random);
  torch::Tensor clusters;
  for (int round = 0; round < kMostRounds; ++round) {
    const torch::Tensor distances = torch::cdist(exact, centres);
    torch::Tensor next = distances.argmin(1);
    fill_empty(next, distances, count);
    const bool settled = clusters.defined() && clusters.equal(next);
    clusters = next;
    if (settled) {
      break;
    }
    centres = means(exact, clusters, count);
  }
  const std::int64_t* found = clusters.data_ptr<std::int64_t>();
  return {found, found + clusters.numel()};
}

}  // namespace tandem
