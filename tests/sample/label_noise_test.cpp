#include "label_noise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

namespace tandem {
namespace {

constexpr std::int64_t kLabelled = 20000, kNoisyClasses = 10;

std::vector<std::int64_t> places_of(std::int64_t count) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

torch::Tensor clean_labels() {
  return torch::arange(kLabelled, torch::kInt64).remainder(kNoisyClasses);
}

torch::Tensor noisy_at(double rate, LabelNoise noise, std::uint64_t seed = 3) {
  return noisy_labels(clean_labels(), kNoisyClasses, rate, noise, places_of(kLabelled), seed);
}

/// Five standard deviations of a binomial share.
double binomial_bound(double rate, double count) {
  return 5 * std::sqrt(rate * (1 - rate) / count);
}

TEST(LabelNoise, FlipsTheStatedShareOfLabels) {
  for (const LabelNoise kind : {LabelNoise::kSymmetric, LabelNoise::kPairwise}) {
    for (const double rate : {0.1, 0.4}) {
      const double share =
          noisy_at(rate, kind).ne(clean_labels()).to(torch::kFloat64).mean().item<double>();
      EXPECT_NEAR(share, rate, binomial_bound(rate, kLabelled));
    }
    EXPECT_TRUE(torch::equal(noisy_at(0, kind), clean_labels()));
    EXPECT_TRUE(noisy_at(1, kind).ne(clean_labels()).all().item<bool>());
  }
}

TEST(LabelNoise, IsUniformOverTheOtherClassesOrGoesToTheNext) {
  const torch::Tensor steps =
      (noisy_at(0.5, LabelNoise::kSymmetric) - clean_labels()).remainder(kNoisyClasses);
  const torch::Tensor counts =
      torch::bincount(steps, {}, kNoisyClasses).to(torch::kFloat64) / kLabelled;
  for (std::int64_t step = 1; step < kNoisyClasses; ++step) {
    EXPECT_NEAR(counts[step].item<double>(), 0.5 / 9, binomial_bound(0.5 / 9, kLabelled)) << step;
  }
  const torch::Tensor next = noisy_at(1, LabelNoise::kPairwise);
  EXPECT_TRUE(torch::equal(next, (clean_labels() + 1).remainder(kNoisyClasses)));
}

TEST(LabelNoise, ChangesTheSameSamplesInASubsetAndAtAHigherRate) {
  const torch::Tensor whole = noisy_at(0.3, LabelNoise::kSymmetric);
  const std::vector<std::int64_t> some = {19999, 4, 77, 1234, 5};
  const torch::Tensor rows = torch::tensor(some, torch::kInt64);
  const torch::Tensor subset = noisy_labels(clean_labels().index_select(0, rows), kNoisyClasses,
                                            0.3, LabelNoise::kSymmetric, some, 3);
  EXPECT_TRUE(torch::equal(subset, whole.index_select(0, rows)));

  const torch::Tensor more = noisy_at(0.6, LabelNoise::kSymmetric);
  const torch::Tensor changed = whole.ne(clean_labels());
  EXPECT_TRUE(torch::equal(more.masked_select(changed), whole.masked_select(changed)));
  EXPECT_FALSE(torch::equal(noisy_at(0.3, LabelNoise::kSymmetric, 4), whole));
}

TEST(LabelNoise, RefusesWhatMakesNoSense) {
  EXPECT_THROW(noisy_at(-0.1, LabelNoise::kSymmetric), std::invalid_argument);
  EXPECT_THROW(noisy_at(std::nan(""), LabelNoise::kSymmetric), std::invalid_argument);
  EXPECT_THROW(
      noisy_labels(clean_labels(), 1, 0.1, LabelNoise::kSymmetric, places_of(kLabelled), 1),
      std::invalid_argument);
  EXPECT_THROW(noisy_labels(clean_labels(), 10, 0.1, LabelNoise::kSymmetric, places_of(3), 1),
               std::invalid_argument);
  EXPECT_THAT([] { parse_label_noise("pairs"); },
              testing::ThrowsMessage<std::invalid_argument>(testing::HasSubstr("pairwise")));
}

}  // namespace
}  // namespace tandem
