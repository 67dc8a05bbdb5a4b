#include "stacked.h"

#include <gtest/gtest.h>

#include <set>

#include "toy_dataset.h"

namespace tandem {
namespace {

TEST(StackThree, EachChannelIsASampleAndTheClassTellsAllThree) {
  const Dataset grey = toy_dataset(6);
  const Dataset stacked = stack_three(grey, 3);
  ASSERT_EQ(stacked.size(), grey.size());
  EXPECT_EQ(stacked.class_count(), 64);
  EXPECT_EQ(stacked.image_shape().channels, 3);
  for (std::int64_t channel = 0; channel < 3; ++channel) {
    std::set<std::int64_t> used;
    for (std::int64_t i = 0; i < stacked.size(); ++i) {
      const torch::Tensor plane = stacked.images()[i][channel];
      const torch::Tensor same = (grey.images().squeeze(1) == plane).all(2).all(1).nonzero();
      ASSERT_EQ(same.size(0), 1);
      const auto source = same[0][0].item<std::int64_t>();
      used.insert(source);
      const std::int64_t digit = channel == 0 ? 16 : channel == 1 ? 4 : 1;
      EXPECT_EQ(stacked.labels()[i].item<std::int64_t>() / digit % 4,
                grey.labels()[source].item<std::int64_t>());
    }
    EXPECT_EQ(std::ssize(used), grey.size());  // every sample once
  }
  EXPECT_EQ(stacked.class_names()[static_cast<std::size_t>(1 * 16 + 2 * 4 + 3)],
            "bar 1 + bar 2 + bar 3");
}

TEST(StackThree, RefusesColourImages) {
  EXPECT_THROW(stack_three(stack_three(toy_dataset(2), 1), 1), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
