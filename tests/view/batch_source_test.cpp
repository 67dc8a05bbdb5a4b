#include "tandem/view/batch_source.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <map>
#include <set>
#include <stdexcept>

#include "noise.h"

namespace tandem {
namespace {

const Dataset kDataset = noise_dataset(50, {3, 8, 8});

BatchSource source_with(BatchOptions options, const char* policy = "pad-crop:2,flip") {
  return BatchSource(kDataset, ViewPolicy::parse(policy), Normalisation::of(kDataset), options);
}

/// Batches of `size`, under seeds of order and views that differ.
BatchOptions of_size(std::int64_t size) {
  return {.size = size, .order_seed = 1, .view_seed = 2};
}

bool same(const Batch& a, const Batch& b) {
  return torch::equal(a.images, b.images) && torch::equal(a.labels, b.labels) &&
         a.indices == b.indices && a.view_keys == b.view_keys && a.views == b.views;
}

TEST(BatchSource, VisitsEverySampleOnceInEveryEpoch) {
  // A batch that divides an epoch, one that does not, one that is longer than an epoch.
  for (const std::int64_t batch_size : {10, 7, 120}) {
    BatchSource source = source_with(of_size(batch_size));
    std::map<std::uint32_t, std::multiset<std::int64_t>> visits;
    for (std::int64_t step = 0; step * batch_size < 4 * 50; ++step) {
      const Batch batch = source.batch(step);
      EXPECT_EQ(batch.size(), batch_size);
      EXPECT_EQ(batch.images.sizes(), torch::IntArrayRef({batch_size, 3, 8, 8}));
      for (std::int64_t row = 0; row < batch_size; ++row) {
        EXPECT_EQ(batch.view_keys[row].index, batch.indices[row]);
        EXPECT_EQ(batch.view_keys[row].seed, 2u);
        EXPECT_EQ(batch.view_keys[row].epoch, (step * batch_size + row) / 50);
        visits[batch.view_keys[row].epoch].insert(batch.indices[row]);
      }
    }
    for (std::uint32_t epoch = 0; epoch < 4; ++epoch) {
      const std::set<std::int64_t> distinct(visits[epoch].begin(), visits[epoch].end());
      EXPECT_EQ(visits[epoch].size(), 50u);
      EXPECT_EQ(distinct.size(), 50u);
    }
  }
}

TEST(BatchSource, FollowsThePermutationOfItsOrderSeed) {
  BatchSource source = source_with({.size = 50, .order_seed = 77});
  for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
    EXPECT_EQ(source.batch(epoch).indices, permutation(50, {77, Stream::kOrder, epoch, 0}));
  }
}

TEST(BatchSource, GivesAStepTheSameBatchInWhateverOrderItIsAsked) {
  BatchSource forward = source_with(of_size(7)), jumping = source_with(of_size(7));
  std::vector<Batch> batches;
  for (std::int64_t step = 0; step < 30; ++step) {
    batches.push_back(forward.batch(step));
  }
  for (const std::int64_t step : {29, 0, 14, 7, 7, 28, 1}) {
    EXPECT_TRUE(same(jumping.batch(step), batches[step])) << "step " << step;
  }
}

TEST(BatchSource, PairsRowsWithTheirLabelsAndDrawnViews) {
  BatchSource source = source_with(of_size(7));
  const Batch batch = source.batch(11);
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    EXPECT_EQ(batch.labels[row].item<std::int64_t>(),
              kDataset.labels()[batch.indices[row]].item<std::int64_t>());
    EXPECT_EQ(batch.views[row], source.policy().draw(batch.view_keys[row], kDataset));
  }
}

TEST(BatchSource, ReplaysABatchBitForBitFromItsViewKeys) {
  for (const char* policy : {"pad-crop:2,flip", "resized-crop,flip", "none"}) {
    const Batch batch = source_with(of_size(7), policy).batch(11);
    std::vector<View> views;
    for (const ViewKey& key : batch.view_keys) {
      views.push_back(ViewPolicy::parse(policy).draw(key, kDataset));
    }
    const torch::Tensor pixels = apply_views(kDataset, batch.indices, views);
    EXPECT_TRUE(torch::equal(pixels, batch.pixels));
    EXPECT_TRUE(torch::equal(normalise(pixels, Normalisation::of(kDataset)), batch.images));
  }
}

TEST(BatchSource, KeepsOrderAndViewsApart) {
  const Batch batch = source_with({.size = 50, .order_seed = 1, .view_seed = 2}).batch(0);
  const Batch other_views = source_with({.size = 50, .order_seed = 1, .view_seed = 3}).batch(0);
  EXPECT_EQ(batch.indices, other_views.indices);
  EXPECT_NE(batch.views, other_views.views);

  const Batch other_order = source_with({.size = 50, .order_seed = 4, .view_seed = 2}).batch(0);
  EXPECT_NE(batch.indices, other_order.indices);
  std::map<std::int64_t, View> views;
  for (std::int64_t row = 0; row < 50; ++row) {
    views[batch.indices[row]] = batch.views[row];
  }
  for (std::int64_t row = 0; row < 50; ++row) {
    EXPECT_EQ(other_order.views[row], views[other_order.indices[row]]);
  }
}

TEST(BatchSource, GoesRoundAPoolOfViews) {
  BatchSource pooled = source_with({.size = 50, .order_seed = 1, .view_seed = 2, .pool = 3});
  BatchSource unbounded = source_with(of_size(50));
  for (std::uint32_t epoch = 0; epoch < 7; ++epoch) {
    const Batch batch = pooled.batch(epoch);
    EXPECT_EQ(batch.indices, unbounded.batch(epoch).indices);
    for (std::int64_t row = 0; row < batch.size(); ++row) {
      EXPECT_EQ(batch.view_keys[row].epoch, epoch % 3);
      EXPECT_EQ(batch.view_keys[row].seed, 2u);
    }
  }
}

TEST(BatchSource, CountsEpochsAsAFraction) {
  EXPECT_DOUBLE_EQ(source_with(of_size(7)).epochs_at(0), 0);
  EXPECT_DOUBLE_EQ(source_with(of_size(7)).epochs_at(10), 1.4);
}

TEST(BatchSource, RefusesEmptyBatchesAndStepsOutOfRange) {
  EXPECT_THROW(source_with(of_size(0)), std::invalid_argument);
  EXPECT_THROW(source_with({.size = 7, .pool = -1}), std::invalid_argument);
  EXPECT_THROW(source_with(of_size(7)).batch(-1), std::invalid_argument);
  // Epochs from 2^31 on belong to fusion.
  const std::int64_t steps = (std::int64_t{1} << 31) * 50 / 10;
  EXPECT_NO_THROW(source_with(of_size(10)).batch(steps - 1));
  EXPECT_THROW(source_with(of_size(10)).batch(steps), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
