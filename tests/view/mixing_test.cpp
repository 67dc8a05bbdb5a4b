#include "mixing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "noise.h"
#include "tandem/view/apply.h"
#include "tandem/view/batch_source.h"

namespace tandem {
namespace {

const Dataset kMixable = noise_dataset(40, {3, 12, 10});

std::vector<ViewKey> keys_of(const Dataset& dataset, std::uint32_t epoch) {
  std::vector<ViewKey> keys;
  for (std::uint32_t index = 0; index < dataset.size(); ++index) {
    keys.push_back({7, epoch, index});
  }
  return keys;
}

Batch mixable_batch(const char* policy, std::uint32_t epoch = 3) {
  return make_batch(kMixable, ViewPolicy::parse(policy), Normalisation::of(kMixable),
                    keys_of(kMixable, epoch));
}

TEST(Mixing, SharesFollowTheBetaDistribution) {
  constexpr int kDraws = 20000;
  for (const double alpha : {0.2, 1.0, 2.5}) {
    Mixing mixing;
    mixing.add("mixup:" + std::to_string(alpha));
    double sum = 0, squares = 0;
    for (std::uint32_t index = 0; index < kDraws; ++index) {
      const double share = mixing.draw({1, 0, index}, {3, 32, 32}, 100).share;
      ASSERT_EQ(share * 256, std::floor(share * 256));
      sum += share;
      squares += share * share;
    }
    const double mean = sum / kDraws, variance = squares / kDraws - mean * mean;
    EXPECT_NEAR(mean, 0.5, 0.01);
    EXPECT_NEAR(variance, 1 / (4 * (2 * alpha + 1)), 0.005) << alpha;
  }
}

TEST(Mixing, PartnersAreAllSamplesAlike) {
  Mixing mixing;
  mixing.add("mixup");
  std::vector<int> drawn(50, 0);
  for (std::uint32_t index = 0; index < 20000; ++index) {
    ++drawn.at(mixing.draw({1, 0, index}, {3, 32, 32}, 50).partner);
  }
  for (const int count : drawn) {
    EXPECT_NEAR(count, 400, 100);  // five standard deviations
  }
}

TEST(Mixing, OfBothWaysTakesEachAsOften) {
  Mixing mixing;
  mixing.add("mixup:0.8");
  mixing.add("cutmix:1");
  int cuts = 0;
  for (std::uint32_t index = 0; index < 10000; ++index) {
    cuts += mixing.draw({1, 0, index}, {3, 32, 32}, 50).patch.has_value() ? 1 : 0;
  }
  EXPECT_NEAR(cuts, 5000, 250);
}

TEST(Mixing, ThePatchLeavesTheShareOfTheImage) {
  Mixing mixing;
  mixing.add("cutmix:1");
  for (std::uint32_t index = 0; index < 1000; ++index) {
    const Mixing::Draw draw = mixing.draw({1, 0, index}, {3, 24, 32}, 50);
    const Box patch = draw.patch.value();
    EXPECT_GE(patch.left, 0);
    EXPECT_GE(patch.top, 0);
    EXPECT_LE(patch.left + patch.width, 32);
    EXPECT_LE(patch.top + patch.height, 24);
    EXPECT_DOUBLE_EQ(draw.share, 1 - patch.width * patch.height / (24.0 * 32.0));
  }
}

TEST(Mixing, RefusesBadParameters) {
  for (const char* text : {"mixup:0", "mixup:-1", "cutmix:5", "mixup:x", "cutmix:", "mixup:nan"}) {
    Mixing mixing;
    EXPECT_THROW(mixing.add(text), std::invalid_argument) << text;
  }
  EXPECT_THROW(ViewPolicy::parse("mixup,mixup:0.2"), std::invalid_argument);
  EXPECT_THROW(ViewPolicy::parse("mixup,flip"), std::invalid_argument);
}

TEST(MixedViews, AreTheTwoSamplesOwnViewsOfTheEpoch) {
  const Batch mixed = mixable_batch("pad-crop:2,flip,mixup:1");
  const Batch plain = mixable_batch("pad-crop:2,flip");
  for (std::size_t row = 0; row < mixed.views.size(); ++row) {
    View own = mixed.views[row];
    ASSERT_NE(own.mixture, nullptr);
    EXPECT_EQ(own.mixture->view, plain.views[own.mixture->partner]);
    own.mixture = nullptr;
    EXPECT_EQ(own, plain.views[row]);
  }
}

TEST(MixedViews, OfMixUpAreTheRoundedMeansOfBothViews) {
  const Batch mixed = mixable_batch("pad-crop:2,flip,mixup:1");
  const Batch plain = mixable_batch("pad-crop:2,flip");
  for (std::int64_t row = 0; row < mixed.size(); ++row) {
    const Mixture& mixture = *mixed.views[static_cast<std::size_t>(row)].mixture;
    const torch::Tensor own = plain.pixels[row].to(torch::kFloat64);
    const torch::Tensor other = plain.pixels[mixture.partner].to(torch::kFloat64);
    const torch::Tensor mean = own * mixture.share + other * (1 - mixture.share);
    EXPECT_TRUE(torch::equal(mixed.pixels[row], (mean + 0.5).floor().to(torch::kUInt8)));
  }
}

TEST(MixedViews, OfCutMixShowThePartnerInThePatchAlone) {
  const Batch mixed = mixable_batch("pad-crop:2,flip,cutmix:1");
  const Batch plain = mixable_batch("pad-crop:2,flip");
  for (std::int64_t row = 0; row < mixed.size(); ++row) {
    const Mixture& mixture = *mixed.views[static_cast<std::size_t>(row)].mixture;
    const Box& patch = *mixture.patch;
    torch::Tensor expected = plain.pixels[row].clone();
    const auto cut = [&](torch::Tensor image) {
      return image.narrow(1, patch.top, patch.height).narrow(2, patch.left, patch.width);
    };
    cut(expected).copy_(cut(plain.pixels[mixture.partner]));
    EXPECT_TRUE(torch::equal(mixed.pixels[row], expected));
  }
}

TEST(MixedViews, OfFusionAreNotMixed) {
  const ViewPolicy policy = ViewPolicy::parse("pad-crop:2,mixup:1");
  for (std::uint32_t index = 0; index < 40; ++index) {
    const ViewKey key{7, kFusionEpoch + 1, index};
    EXPECT_EQ(policy.draw(key, kMixable), policy.unmixed().draw(key, kMixable));
  }
}

TEST(MixedBatch, ClassSharesSayWhatIsSeen) {
  const Batch batch = mixable_batch("cutmix:1");
  const torch::Tensor shares = batch.class_shares(3);
  EXPECT_TRUE(torch::allclose(shares.sum(1), torch::ones(batch.size())));
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    const Mixture& mixture = *batch.views[static_cast<std::size_t>(row)].mixture;
    const std::int64_t own = row % 3, other = mixture.partner % 3;  // noise_dataset's classes
    EXPECT_EQ(batch.partner_labels[row].item<std::int64_t>(), other);
    const double expected = own == other ? 1 : mixture.share;
    EXPECT_NEAR(shares[row][own].item<double>(), expected, 1e-6);
  }
}

TEST(MixedBatch, OfAPolicyThatMixesNothingHasWholeClasses) {
  const Batch batch = mixable_batch("flip");
  EXPECT_FALSE(batch.mixed());
  EXPECT_TRUE(
      torch::equal(batch.class_shares(3), torch::one_hot(batch.labels, 3).to(torch::kFloat32)));
}

}  // namespace
}  // namespace tandem
