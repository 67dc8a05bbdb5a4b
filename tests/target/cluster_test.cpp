#include "cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace tandem {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Key kClusterKey{.seed = 4, .stream = Stream::kCluster};

/// `count` blobs in turn, point i of blob i mod count, wide apart compared with their spread.
torch::Tensor blobs(std::int64_t points, std::int64_t count, double spread) {
  RandomStream random({.seed = 6, .stream = Stream::kInit});
  torch::Tensor values = torch::empty({points, 3});
  for (std::int64_t i = 0; i < points; ++i) {
    for (std::int64_t axis = 0; axis < 3; ++axis) {
      const double centre = axis == (i % count) % 3 ? 10.0 * (1 + (i % count) / 3) : 0.0;
      values[i][axis] = centre + spread * random.normal();
    }
  }
  return values;
}

std::map<std::int64_t, int> sizes_of(const std::vector<std::int64_t>& clusters) {
  std::map<std::int64_t, int> sizes;
  for (const std::int64_t cluster : clusters) {
    ++sizes[cluster];
  }
  return sizes;
}

TEST(KMeans, SeparatesBlobsThatStandApart) {
  for (const std::int64_t count : {2, 3, 6}) {
    const std::vector<std::int64_t> clusters = k_means(blobs(120, count, 0.3), count, kClusterKey);
    std::set<std::int64_t> seen;
    for (std::int64_t i = 0; i < 120; ++i) {
      EXPECT_EQ(clusters[i], clusters[i % count]) << i;
      seen.insert(clusters[i]);
    }
    EXPECT_EQ(std::ssize(seen), count);
  }
}

TEST(KMeans, LeavesNoClusterEmptyEvenOfEqualPoints) {
  torch::Tensor two_places = torch::zeros({9, 2});
  two_places[0] += 1;
  for (const torch::Tensor& points :
       {torch::ones({9, 2}), two_places, blobs(9, 2, 1), torch::zeros({9, 2}) + 1e30}) {
    for (const std::int64_t count : {1, 2, 5, 9}) {
      const auto sizes = sizes_of(k_means(points, count, kClusterKey));
      ASSERT_EQ(std::ssize(sizes), count);
      EXPECT_EQ(sizes.begin()->first, 0);
      EXPECT_EQ(sizes.rbegin()->first, count - 1);
    }
  }
}

TEST(KMeans, IsAFunctionOfPointsCountAndKey) {
  const torch::Tensor points = blobs(200, 1, 1);
  EXPECT_EQ(k_means(points, 8, kClusterKey), k_means(points, 8, kClusterKey));
  Key other = kClusterKey;
  other.index = 1;
  EXPECT_NE(k_means(points, 8, kClusterKey), k_means(points, 8, other));
}

TEST(KMeans, EndsWhereEveryPointIsNearestToItsOwnMean) {
  const torch::Tensor points = blobs(300, 4, 3).to(torch::kFloat64);
  const torch::Tensor clusters = torch::tensor(k_means(points, 5, kClusterKey), torch::kInt64);
  std::vector<torch::Tensor> means;
  for (int cluster = 0; cluster < 5; ++cluster) {
    means.push_back(points.index({clusters == cluster}).mean(0));
  }
  const torch::Tensor distances =
      (points.unsqueeze(1) - torch::stack(means).unsqueeze(0)).square().sum(2);
  EXPECT_TRUE(torch::equal(distances.argmin(1), clusters));
}

TEST(KMeans, RefusesNoClusterAndMoreThanPoints) {
  for (const std::int64_t count : {0, -1, 6}) {
    EXPECT_THAT(
        [&] {
          k_means(torch::ones({5, 2}), count, kClusterKey);
        },
        ThrowsMessage<std::invalid_argument>(HasSubstr("expected 1..5 clusters")));
  }
}

}  // namespace
}  // namespace tandem
