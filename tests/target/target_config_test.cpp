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

TEST(FusionViews, ReadsCanonicalAndMeans) {
  EXPECT_EQ(fusion_views("canonical"), 0);
  EXPECT_EQ(fusion_views("mean:8"), 8);
  for (const char* bad : {"mean", "mean:", "mean:0", "mean:-1", "mean:2x", "median:3"}) {
    EXPECT_THROW(fusion_views(bad), std::invalid_argument) << bad;
  }
}

}  // namespace
}  // namespace tandem
