#include "subset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace tandem {
namespace {

/// Samples of classes that come in turns until each has its size.
Dataset dataset_with(std::vector<std::int64_t> class_sizes) {
  std::vector<std::string> names(class_sizes.size(), "class");
  std::vector<std::int64_t> labels;
  for (bool more = true; more;) {
    more = false;
    for (std::size_t label = 0; label < class_sizes.size(); ++label) {
      if (class_sizes[label] > 0) {
        --class_sizes[label];
        labels.push_back(static_cast<std::int64_t>(label));
        more = true;
      }
    }
  }
  const auto size = std::ssize(labels);
  return Dataset("toy", torch::zeros({size, 1, 1, 1}, torch::kUInt8),
                 torch::tensor(labels, torch::kInt64), names);
}

std::vector<std::int64_t> class_counts(const Dataset& dataset,
                                       const std::vector<std::int64_t>& indices) {
  std::vector<std::int64_t> counts(dataset.class_count());
  for (const std::int64_t index : indices) {
    ++counts[dataset.labels()[index].item<std::int64_t>()];
  }
  return counts;
}

using Counts = std::vector<std::int64_t>;

TEST(StratifiedSubset, KeepsTheClassProportions) {
  const Dataset dataset = dataset_with({60, 30, 10});
  EXPECT_EQ(class_counts(dataset, stratified_subset(dataset, 50, 1)), (Counts{30, 15, 5}));
  EXPECT_EQ(class_counts(dataset, stratified_subset(dataset, 10, 1)), (Counts{6, 3, 1}));
  EXPECT_EQ(class_counts(dataset, stratified_subset(dataset, 100, 1)), (Counts{60, 30, 10}));
}

TEST(StratifiedSubset, GivesSpareSeatsToTheLargestRemainders) {
  // Quotas of 7 seats: 4.2, 2.1, 0.7.
  const Dataset dataset = dataset_with({60, 30, 10});
  EXPECT_EQ(class_counts(dataset, stratified_subset(dataset, 7, 1)), (Counts{4, 2, 1}));
  // Equal remainders: the lower classes first.
  const Dataset even = dataset_with({5, 5, 5, 5});
  EXPECT_EQ(class_counts(even, stratified_subset(even, 6, 1)), (Counts{2, 2, 1, 1}));
}

TEST(StratifiedSubset, IsAscendingWithoutRepeatsForEveryCount) {
  const Dataset dataset = dataset_with({7, 0, 4, 1});
  for (std::int64_t count = 1; count <= dataset.size(); ++count) {
    const auto subset = stratified_subset(dataset, count, 3);
    EXPECT_EQ(std::ssize(subset), count);
    EXPECT_TRUE(std::is_sorted(subset.begin(), subset.end(), std::less_equal<>()));
    EXPECT_GE(subset.front(), 0);
    EXPECT_LT(subset.back(), dataset.size());
  }
}

TEST(StratifiedSubset, IsContainedInLargerOnesOfItsSeed) {
  const Dataset dataset = dataset_with({40, 40, 40});
  auto smaller = stratified_subset(dataset, 3, 9);
  for (std::int64_t count = 6; count <= 120; count += 3) {
    const auto larger = stratified_subset(dataset, count, 9);
    EXPECT_TRUE(std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end()));
    smaller = larger;
  }
}

TEST(StratifiedSubset, IsAPureFunctionOfSeedAndStream) {
  const Dataset dataset = dataset_with({40, 40, 40});
  const auto subset = stratified_subset(dataset, 30, 9);
  EXPECT_EQ(subset, stratified_subset(dataset, 30, 9));
  EXPECT_NE(subset, stratified_subset(dataset, 30, 10));
  EXPECT_NE(subset, stratified_subset(dataset, 30, 9, Stream::kValidation));
}

TEST(StratifiedSubset, RefusesCountsOutsideTheDataset) {
  const Dataset dataset = dataset_with({4, 4});
  EXPECT_THROW(stratified_subset(dataset, 0, 1), std::invalid_argument);
  EXPECT_THROW(stratified_subset(dataset, -1, 1), std::invalid_argument);
  EXPECT_THROW(stratified_subset(dataset, 9, 1), std::invalid_argument);
}

TEST(BalancedSubset, HasAsManyOfEachClassAndIsNested) {
  const Dataset dataset = dataset_with({60, 30, 10});
  const ClassOrders orders = random_orders(dataset, 4);
  const auto five = balanced_subset(orders, 5, dataset), ten = balanced_subset(orders, 10, dataset);
  EXPECT_EQ(class_counts(dataset, five), (Counts{5, 5, 5}));
  EXPECT_EQ(class_counts(dataset, ten), (Counts{10, 10, 10}));
  EXPECT_TRUE(std::includes(ten.begin(), ten.end(), five.begin(), five.end()));
  // The samples of a class are those that a stratified subset of the seed takes first.
  const auto all = stratified_subset(dataset, 50, 4);
  EXPECT_TRUE(std::includes(all.begin(), all.end(), five.begin(), five.end()));
  EXPECT_THAT([&] { balanced_subset(orders, 11, dataset); },
              testing::ThrowsMessage<std::invalid_argument>(testing::HasSubstr("1..10")));
  EXPECT_THROW(balanced_subset(orders, 0, dataset), std::invalid_argument);
}

TEST(OrdersBy, TakeTheLeastOfEachClassFirst) {
  const Dataset dataset = dataset_with({60, 30, 10});
  const torch::Tensor key = torch::arange(100, torch::kFloat64).mul(37).remainder(101);
  const auto subset = stratified_subset(orders_by(dataset, key, 4), 20, "toy");
  EXPECT_EQ(class_counts(dataset, subset), (Counts{12, 6, 2}));
  for (const std::int64_t taken : subset) {
    for (std::int64_t other = 0; other < 100; ++other) {
      const bool same_class = dataset.labels()[other].equal(dataset.labels()[taken]);
      if (same_class && !std::binary_search(subset.begin(), subset.end(), other)) {
        EXPECT_LT(key[taken].item<double>(), key[other].item<double>());
      }
    }
  }
}

TEST(OrdersBy, LeaveEqualsInRandomOrder) {
  const Dataset dataset = dataset_with({60, 30, 10});
  EXPECT_EQ(orders_by(dataset, torch::zeros({100}, torch::kFloat64), 4), random_orders(dataset, 4));
  EXPECT_THROW(orders_by(dataset, torch::zeros({99}, torch::kFloat64), 4), std::invalid_argument);
  EXPECT_THROW(orders_by(dataset, torch::full({100}, std::nan(""), torch::kFloat64), 4),
               std::invalid_argument);
}

TEST(SplitValidation, IsDisjointCoveringAscendingAndStratified) {
  const Dataset dataset = dataset_with({60, 30, 10});
  const ValidationSplit split = split_validation(dataset, 20, 5);
  EXPECT_EQ(std::ssize(split.validation), 20);
  EXPECT_EQ(class_counts(dataset, split.validation), (Counts{12, 6, 2}));
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end()));
  EXPECT_TRUE(std::is_sorted(split.validation.begin(), split.validation.end()));
  std::set<std::int64_t> all(split.train.begin(), split.train.end());
  all.insert(split.validation.begin(), split.validation.end());
  EXPECT_EQ(std::ssize(all), 100);
  EXPECT_EQ(std::ssize(split.train) + std::ssize(split.validation), 100);
}

TEST(SplitValidation, IsAPureFunctionOfTheSeed) {
  const Dataset dataset = dataset_with({60, 30, 10});
  EXPECT_EQ(split_validation(dataset, 20, 5).train, split_validation(dataset, 20, 5).train);
  EXPECT_NE(split_validation(dataset, 20, 5).train, split_validation(dataset, 20, 6).train);
}

TEST(SplitValidation, RefusesToLeaveAPartEmpty) {
  const Dataset dataset = dataset_with({4, 4});
  EXPECT_THROW(split_validation(dataset, 0, 1), std::invalid_argument);
  EXPECT_THROW(split_validation(dataset, 8, 1), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
