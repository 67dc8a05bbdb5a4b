#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/target/target.h"

namespace tandem {
namespace {

TEST(ResolveTarget, BlanksWhatDoesNotApplySoThatEqualMappingsHaveEqualConfigs) {
  TargetConfig plain;
  TargetConfig fussy{.fusion = "mean:4", .temperature = 3, .smoothing = 0.3, .teacher = "strong"};
  EXPECT_EQ(config_text(resolve(plain)), config_text(resolve(fussy)));

  TargetConfig view{.granularity = "view", .content = "probs", .teacher = "t"};
  TargetConfig fused_view = view;
  fused_view.fusion = "mean:8";
  EXPECT_EQ(config_text(resolve(view)), config_text(resolve(fused_view)));
}

TEST(ResolveTarget, WantsATeacherForContentThatOnlyATeacherGives) {
  for (const char* content : {"probs", "logits", "features"}) {
    EXPECT_THROW(resolve({.granularity = "sample", .content = content}), std::invalid_argument);
  }
}

TEST(ResolveTarget, RefusesUnknownNamesAndListsTheKnownOnes) {
  try {
    resolve({.granularity = "sampel"});
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("class, cluster, sample, pool, view"));
  }
  EXPECT_THROW(resolve({.content = "hot"}), std::invalid_argument);
}

TEST(ResolveTarget, RefusesTemperaturesAndSmoothingsOutOfRange) {
  EXPECT_THROW(
      resolve({.granularity = "view", .content = "probs", .temperature = 0, .teacher = "t"}),
      std::invalid_argument);
  EXPECT_THROW(resolve({.content = "smoothed", .smoothing = 1.5}), std::invalid_argument);
}

TEST(TeacherPolicy, SeesMixturesOnlyWhereEachViewHasItsOwnTarget) {
  TargetConfig config{.granularity = "view", .content = "probs", .teacher = "t"};
  config.teacher_views = "same";
  EXPECT_EQ(teacher_policy(config, "flip,mixup:0.2"), "flip,mixup:0.2");
  config.teacher_views = "flip";
  EXPECT_EQ(teacher_policy(config, "flip,mixup:0.2"), "flip");
  config.teacher_views = "canonical";
  EXPECT_EQ(teacher_policy(config, "flip,mixup:0.2"), "none");
  config = {.granularity = "sample", .content = "probs", .fusion = "mean:4", .teacher = "t"};
  config.teacher_views = "same";
  EXPECT_EQ(teacher_policy(config, "flip,mixup:0.2"), "flip");
}

TEST(TeacherPolicy, RefusesATeacherThatWouldSeeOtherMixtures) {
  TargetConfig config{.granularity = "view", .content = "probs", .teacher = "t"};
  for (const char* other : {"flip,mixup:0.5", "flip,cutmix:1", "flip,mixup:0.2,cutmix:1"}) {
    config.teacher_views = other;
    EXPECT_THROW(teacher_policy(config, "flip,mixup:0.2"), std::invalid_argument) << other;
    EXPECT_THROW(teacher_policy(config, "flip"), std::invalid_argument) << other;
  }
  config.teacher_views = "mixup:0.2";  // the mixtures of samples that are not flipped
  EXPECT_EQ(teacher_policy(config, "flip,mixup:0.2"), "mixup:0.2");
}

TEST(FusionViews, ReadsCanonicalAndMeans) {
  EXPECT_EQ(fusion_views("canonical"), 0);
  EXPECT_EQ(fusion_views("mean:8"), 8);
  for (const char* bad : {"mean", "mean:", "mean:0", "mean:-1", "mean:2x", "median:3"}) {
    EXPECT_THROW(fusion_views(bad), std::invalid_argument) << bad;
  }
}

}  // namespace
}  // namespace tandem
