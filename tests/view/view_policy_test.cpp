#include "tandem/view/view_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace tandem {
namespace {

constexpr ImageShape kPolicyShape{3, 32, 32};

TEST(ViewPolicy, GivesTheSameViewForTheSameKey) {
  for (const char* text : {"pad-crop:4,flip", "resized-crop,flip", "none"}) {
    const ViewPolicy policy = ViewPolicy::parse(text), again = ViewPolicy::parse(text);
    for (std::uint32_t index = 0; index < 100; ++index) {
      const ViewKey key{9, 3, index};
      EXPECT_EQ(policy.draw(key, kPolicyShape, 100), policy.draw(key, kPolicyShape, 100));
      EXPECT_EQ(policy.draw(key, kPolicyShape, 100), again.draw(key, kPolicyShape, 100));
    }
  }
}

TEST(ViewPolicy, GivesOtherViewsForOtherSeedsEpochsAndSamples) {
  for (const char* text : {"pad-crop:4,flip", "resized-crop,flip"}) {
    const ViewPolicy policy = ViewPolicy::parse(text);
    int same_as_next_epoch = 0, same_as_next_sample = 0, same_as_next_seed = 0;
    for (std::uint32_t index = 0; index < 1000; ++index) {
      const View view = policy.draw({9, 3, index}, kPolicyShape, 100);
      same_as_next_epoch += view == policy.draw({9, 4, index}, kPolicyShape, 100);
      same_as_next_sample += view == policy.draw({9, 3, index + 1}, kPolicyShape, 100);
      same_as_next_seed += view == policy.draw({10, 3, index}, kPolicyShape, 100);
    }
    // 162 equally likely views of pad-crop:4,flip: about 6 of 1000 pairs agree by chance.
    EXPECT_LT(same_as_next_epoch, 25);
    EXPECT_LT(same_as_next_sample, 25);
    EXPECT_LT(same_as_next_seed, 25);
  }
}

TEST(ViewPolicy, KeepsEveryCropWhereItWasWhenAFlipIsAdded) {
  for (const std::string crop : {"pad-crop:4", "resized-crop"}) {
    const ViewPolicy alone = ViewPolicy::parse(crop);
    const ViewPolicy before = ViewPolicy::parse("flip," + crop);
    const ViewPolicy after = ViewPolicy::parse(crop + ",flip");
    for (std::uint32_t index = 0; index < 200; ++index) {
      const ViewKey key{9, 3, index};
      EXPECT_EQ(alone.draw(key, kPolicyShape, 100).crop, after.draw(key, kPolicyShape, 100).crop);
      EXPECT_EQ(after.draw(key, kPolicyShape, 100), before.draw(key, kPolicyShape, 100));
    }
  }
}

TEST(ViewPolicy, IsCanonicalWhereNothingIsAsked) {
  for (const char* text : {"", "none", "  "}) {
    EXPECT_EQ(ViewPolicy::parse(text).draw({1, 2, 3}, kPolicyShape, 100),
              canonical_view(kPolicyShape));
    EXPECT_EQ(ViewPolicy::parse(text).text(), "none");
  }
  EXPECT_EQ(ViewPolicy().text(), "none");
}

TEST(ViewPolicy, WritesATextThatParsesToItself) {
  for (const char* text :
       {"pad-crop:2", "flip", "pad-crop:4,flip", "flip,resized-crop:0.25-0.75"}) {
    EXPECT_EQ(ViewPolicy::parse(text).text(), text);
  }
  EXPECT_EQ(ViewPolicy::parse(" pad-crop:4 , flip ").text(), "pad-crop:4,flip");
}

TEST(ViewPolicy, HasAFingerprintOfItsNormalForm) {
  EXPECT_EQ(ViewPolicy::parse("resized-crop").fingerprint(),
            ViewPolicy::parse("resized-crop:0.08-1.0").fingerprint());
  EXPECT_EQ(ViewPolicy::parse("").fingerprint(), ViewPolicy::parse("none").fingerprint());
  EXPECT_NE(ViewPolicy::parse("pad-crop:2").fingerprint(),
            ViewPolicy::parse("pad-crop:3").fingerprint());
  EXPECT_NE(ViewPolicy::parse("flip").fingerprint(), ViewPolicy::parse("none").fingerprint());
}

TEST(ViewPolicy, TellsWhetherAnotherMixesAlike) {
  const auto alike = [](const char* a, const char* b) {
    const ViewPolicy one = ViewPolicy::parse(a), other = ViewPolicy::parse(b);
    EXPECT_EQ(one.mixes_like(other), other.mixes_like(one)) << a << " and " << b;
    return one.mixes_like(other);
  };
  EXPECT_TRUE(alike("flip,mixup:0.2", "pad-crop:2,mixup:0.20"));
  EXPECT_TRUE(alike("mixup:0.2,cutmix", "cutmix:1,mixup:0.2"));
  EXPECT_TRUE(alike("flip", "none"));
  EXPECT_FALSE(alike("mixup:0.2", "mixup:0.3"));
  EXPECT_FALSE(alike("mixup:0.2", "cutmix:0.2"));
  EXPECT_FALSE(alike("mixup:0.2", "mixup:0.2,cutmix"));
  EXPECT_FALSE(alike("mixup:0.2", "flip"));
}

TEST(ViewPolicy, RefusesTwoAugmentationsOfTheSamePart) {
  for (const char* text : {"flip,flip", "pad-crop:2,pad-crop:2", "pad-crop:2,flip,resized-crop"}) {
    try {
      ViewPolicy::parse(text);
      ADD_FAILURE() << "expected a std::invalid_argument for " << text;
    } catch (const std::invalid_argument& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(text));
      EXPECT_THAT(error.what(), testing::HasSubstr("expected one augmentation per part"));
    }
  }
}

TEST(ViewPolicy, NamesTheKnownAugmentationsToWhoeverAsksForAnother) {
  for (const char* text : {"smudge", "flip,", ",flip", "none,flip", "flip pad-crop:2"}) {
    try {
      ViewPolicy::parse(text);
      ADD_FAILURE() << "expected a std::invalid_argument for " << text;
    } catch (const std::invalid_argument& error) {
      EXPECT_THAT(error.what(),
                  testing::HasSubstr("flip, grayscale, pad-crop, randaugment, resized-crop"));
    }
  }
}

}  // namespace
}  // namespace tandem
