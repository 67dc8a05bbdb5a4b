#include "tandem/core/key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace tandem {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::uint32_t> words(const Key& key, int count) {
  RandomStream random(key);
  std::vector<std::uint32_t> words(static_cast<std::size_t>(count));
  std::generate(words.begin(), words.end(), [&] { return random.next_u32(); });
  return words;
}

TEST(RandomStream, OrdersItsWordsAsDocumented) {
  const Key key{
      .seed = 0x0123456789abcdef, .stream = Stream::kPadCrop, .epoch = 7, .index = 40'000};
  RandomStream random(key);
  for (std::uint32_t k = 0; k < 40; ++k) {
    const PhiloxCounter counter{k / 4, 40'000, 7, 16};
    EXPECT_EQ(random.next_u32(), philox4x32_10(counter, {0x89abcdef, 0x01234567})[k % 4]) << k;
  }
}

TEST(RandomStream, GivesEqualNumbersForEqualKeys) {
  const Key key{.seed = 3, .stream = Stream::kOrder, .epoch = 2, .index = 1};
  EXPECT_EQ(words(key, 100), words(key, 100));
}

TEST(RandomStream, GivesOtherNumbersWhenAnyPartOfTheKeyDiffers) {
  const Key key{.seed = 3, .stream = Stream::kOrder, .epoch = 2, .index = 1};
  std::vector<Key> keys(6, key);
  keys[1].seed = 4;
  keys[2].seed = 3 + (std::uint64_t{1} << 32);
  keys[3].stream = Stream::kSubset;
  keys[4].epoch = 3;
  keys[5].index = 2;
  std::set<std::uint32_t> distinct;
  for (const Key& other : keys) {
    const auto drawn = words(other, 100);
    distinct.insert(drawn.begin(), drawn.end());
  }
  // Six hundred words of 32 bits: two that agree by chance have probability 4e-5.
  EXPECT_EQ(distinct.size(), 600u);
}

TEST(RandomStream, IsUncorrelatedBetweenNeighbouringKeys) {
  constexpr int kCount = 100'000;
  double sum = 0;
  for (std::uint32_t index = 0; index < kCount; ++index) {
    const Key key{.seed = 1, .stream = Stream::kHorizontalFlip, .epoch = 0, .index = index};
    const Key next{.seed = 1, .stream = Stream::kHorizontalFlip, .epoch = 1, .index = index};
    sum += (RandomStream(key).uniform() - 0.5) * (RandomStream(next).uniform() - 0.5);
  }
  // The mean of the product has standard deviation 1 / (12 sqrt(n)).
  EXPECT_LT(std::abs(sum / kCount), 5.0 / (12.0 * std::sqrt(kCount)));
}

TEST(RandomStream, DrawsUniformNumbersFromZeroToBelowOne) {
  RandomStream random({.seed = 5});
  constexpr int kCount = 100'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double value = random.uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kCount, 1.0 / 2, 5 * std::sqrt(1.0 / 12 / kCount));
  EXPECT_NEAR(squares / kCount, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / kCount));
}

TEST(RandomStream, TakesOneWordForAUniformNumberOrABoundedOne) {
  RandomStream random({.seed = 9}), reference({.seed = 9});
  EXPECT_EQ(random.uniform(), reference.next_u32() / 4294967296.0);
  EXPECT_EQ(random.below(1000), std::uint64_t{reference.next_u32()} * 1000 / 4294967296);
  EXPECT_EQ(random.next_u32(), reference.next_u32());
}

TEST(RandomStream, DrawsEveryNumberBelowABoundAboutEquallyOften) {
  RandomStream random({.seed = 6});
  constexpr std::uint32_t kBound = 7;
  constexpr int kCount = 70'000;
  std::vector<int> counts(kBound);
  for (int i = 0; i < kCount; ++i) {
    const std::uint32_t value = random.below(kBound);
    ASSERT_LT(value, kBound);
    ++counts[value];
  }
  const double expected = double{kCount} / kBound;
  const double chi_squared =
      std::accumulate(counts.begin(), counts.end(), 0.0, [&](double sum, int count) {
        return sum + (count - expected) * (count - expected) / expected;
      });
  EXPECT_LT(chi_squared, 27.9);  // the 0.9999 quantile for six degrees of freedom
}

TEST(RandomStream, HasOnlyZeroBelowOne) {
  RandomStream random({.seed = 6});
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(random.below(1), 0u);
  }
}

TEST(RandomStream, DrawsNormalNumbersWithTheRightMoments) {
  RandomStream random({.seed = 8});
  constexpr int kCount = 200'000;
  double first = 0, second = 0, third = 0, fourth = 0;
  for (int i = 0; i < kCount; ++i) {
    const double value = random.normal();
    ASSERT_TRUE(std::isfinite(value));
    first += value;
    second += value * value;
    third += value * value * value;
    fourth += value * value * value * value;
  }
  // Five standard errors; the variances of the powers are 1, 2, 15 and 96.
  EXPECT_NEAR(first / kCount, 0.0, 5 * std::sqrt(1.0 / kCount));
  EXPECT_NEAR(second / kCount, 1.0, 5 * std::sqrt(2.0 / kCount));
  EXPECT_NEAR(third / kCount, 0.0, 5 * std::sqrt(15.0 / kCount));
  EXPECT_NEAR(fourth / kCount, 3.0, 5 * std::sqrt(96.0 / kCount));
}

TEST(RandomStream, TakesTwoWordsForANormalNumber) {
  RandomStream random({.seed = 9}), reference({.seed = 9});
  random.normal();
  reference.next_u32();
  reference.next_u32();
  EXPECT_EQ(random.next_u32(), reference.next_u32());
}

TEST(UserStream, IsAFunctionOfItsNameThatNeverChanges) {
  // Of XXH3-128 of the name's length in eight bytes and the name; computed by another program.
  EXPECT_EQ(static_cast<std::uint32_t>(user_stream("dim")), 4057972767u);
  EXPECT_EQ(static_cast<std::uint32_t>(user_stream("")), 4256654770u);
}

TEST(UserStream, LiesAboveAllOfTandems) {
  constexpr int kNames = 400'000;
  std::set<std::uint32_t> numbers;
  for (int k = 0; k < kNames; ++k) {
    const auto number = static_cast<std::uint32_t>(user_stream("purpose " + std::to_string(k)));
    ASSERT_GE(number, kFirstUserStream);
    numbers.insert(number);
  }
  EXPECT_GE(numbers.size(), kNames - 45u);  // 19 are expected to be drawn already
  EXPECT_LT(static_cast<std::uint32_t>(Stream::kRotate), kFirstUserStream);
}

TEST(Permutation, HoldsEveryIndexOnce) {
  auto order = permutation(10'000, {.seed = 1, .stream = Stream::kOrder});
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (std::int64_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(order[static_cast<std::size_t>(i)], i);
  }
}

TEST(Permutation, IsAPureFunctionOfItsKey) {
  const Key key{.seed = 1, .stream = Stream::kOrder, .epoch = 3};
  EXPECT_EQ(permutation(1000, key), permutation(1000, key));
  EXPECT_NE(permutation(1000, key), permutation(1000, {.seed = 2, .stream = Stream::kOrder}));
}

TEST(Permutation, DrawsAllOrdersAboutEquallyOften) {
  std::map<std::vector<std::int64_t>, int> counts;
  constexpr int kCount = 24'000;
  for (std::uint32_t epoch = 0; epoch < kCount; ++epoch) {
    ++counts[permutation(4, {.seed = 1, .stream = Stream::kOrder, .epoch = epoch})];
  }
  ASSERT_EQ(counts.size(), 24u);
  for (const auto& [order, count] : counts) {
    EXPECT_NEAR(count, 1000, 5 * std::sqrt(1000.0)) << testing::PrintToString(order);
  }
}

TEST(Permutation, AcceptsNothingAndOne) {
  EXPECT_THAT(permutation(0, {}), IsEmpty());
  EXPECT_THAT(permutation(1, {}), ElementsAre(0));
}

TEST(Permutation, RefusesCountsOutOfRange) {
  EXPECT_THROW(permutation(-1, {}), std::invalid_argument);
  EXPECT_THROW(permutation(std::int64_t{1} << 32, {}), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
