#include "tandem/target/herding.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <numeric>
#include <set>
#include <stdexcept>

#include "tandem/core/key.h"

namespace tandem {
namespace {

torch::Tensor herded_features(std::int64_t rows, std::int64_t width) {
  const torch::Tensor features = torch::empty({rows, width});
  RandomStream random({5, Stream::kSubset});
  float* number = features.data_ptr<float>();
  for (std::int64_t k = 0; k < features.numel(); ++k) {
    number[k] = static_cast<float>(random.normal() + (k % width == 0 ? 2 : 0));
  }
  return features / features.norm(2, 1, true);
}

/// Distance of the mean of the first `count` of `order` from the mean of all.
double distance_of_means(const torch::Tensor& features, const std::vector<std::int64_t>& order,
                         std::int64_t count) {
  const torch::Tensor rows = torch::tensor(order, torch::kInt64).narrow(0, 0, count);
  return (features.index_select(0, rows).mean(0) - features.mean(0)).norm().item<double>();
}

TEST(Herding, TakesEachRowOnceAndTheNearestToTheMeanFirst) {
  const torch::Tensor features = herded_features(200, 8);
  const std::vector<std::int64_t> order = herding_order(features);
  EXPECT_EQ(std::set(order.begin(), order.end()).size(), 200u);
  const torch::Tensor distances = (features - features.mean(0)).norm(2, 1);
  EXPECT_EQ(order.front(), distances.argmin().item<std::int64_t>());
}

TEST(Herding, MakesEachStepTheBestThatItCan) {
  const torch::Tensor features = herded_features(30, 4);
  std::vector<std::int64_t> order = herding_order(features);
  for (std::int64_t count = 1; count < 30; ++count) {
    const double taken = distance_of_means(features, order, count);
    for (std::size_t later = static_cast<std::size_t>(count); later < order.size(); ++later) {
      std::vector<std::int64_t> other = order;
      std::swap(other[static_cast<std::size_t>(count) - 1], other[later]);
      EXPECT_LE(taken, distance_of_means(features, other, count) + 1e-6);
    }
  }
}

TEST(Herding, ApproachesTheMeanFasterThanARandomOrder) {
  const torch::Tensor features = herded_features(400, 8);
  const std::vector<std::int64_t> herded = herding_order(features);
  for (const std::int64_t count : {5, 20, 80}) {
    double random = 0;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      random += distance_of_means(features, permutation(400, {seed, Stream::kSubset}), count) / 10;
    }
    EXPECT_LT(distance_of_means(features, herded, count), 0.5 * random) << count;
  }
}

TEST(Herding, DoesNotMindTheLengthOfFeaturesAndRefusesBadOnes) {
  const torch::Tensor features = herded_features(50, 4);
  EXPECT_EQ(herding_order(features * torch::arange(1, 51).unsqueeze(1)), herding_order(features));
  EXPECT_EQ(herding_order(torch::zeros({3, 2})), (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_THROW(herding_order(torch::full({3, 2}, std::nanf(""))), std::invalid_argument);
  EXPECT_THROW(herding_order(torch::zeros({3}, torch::kFloat64)), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
