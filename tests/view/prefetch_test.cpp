#include "tandem/view/prefetch.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

#include "noise.h"

namespace tandem {
namespace {

BatchSource fresh_source() {
  static const Dataset dataset = noise_dataset(50, {3, 8, 8});
  return BatchSource(dataset, ViewPolicy::parse("pad-crop:2,flip,mixup:1"),
                     Normalisation::of(dataset), {.size = 7, .order_seed = 1, .view_seed = 2});
}

TEST(PrefetchedBatches, AreThoseOfTheSourceInOrder) {
  for (const std::size_t depth : {1, 2, 5}) {
    BatchSource ahead = fresh_source(), asked = fresh_source();
    PrefetchedBatches batches(ahead, {.first = 3, .end = 30}, depth);
    for (std::int64_t step = 3; step < 30; ++step) {
      const Batch batch = batches.next(), expected = asked.batch(step);
      EXPECT_EQ(batch.view_keys, expected.view_keys);
      EXPECT_TRUE(torch::equal(batch.images, expected.images));
      EXPECT_TRUE(torch::equal(batch.shares, expected.shares));
    }
    EXPECT_THROW(batches.next(), std::out_of_range);
  }
}

TEST(PrefetchedBatches, EndWhereverTheyAreLeft) {
  BatchSource source = fresh_source();
  for (int taken = 0; taken < 5; ++taken) {
    PrefetchedBatches batches(source, {.first = 0, .end = 1'000'000});
    for (int k = 0; k < taken; ++k) {
      batches.next();
    }
  }
}

TEST(PrefetchedBatches, PassOnWhatTheSourceThrowsAfterTheBatchesBeforeIt) {
  BatchSource source = fresh_source();
  const std::int64_t last = std::int64_t{kFusionEpoch} * 50 / 7 - 1;
  PrefetchedBatches batches(source, {.first = last, .end = last + 2});
  EXPECT_EQ(batches.next().size(), 7);
  EXPECT_THROW(batches.next(), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
