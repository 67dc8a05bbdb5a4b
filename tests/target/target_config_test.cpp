#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/target/mapping_plan.h"

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

std::string seen_by_teacher(const TargetConfig& config, const std::string& student) {
  return teacher_policy(resolve_mapping(config), ViewPolicy::parse(student)).text();
}

TEST(TeacherPolicy, SeesMixturesOnlyWhereEachViewHasItsOwnTarget) {
  TargetConfig config{.granularity = "view", .content = "probs", .teacher = "t"};
  config.teacher_views = "same";
  EXPECT_EQ(seen_by_teacher(config, "flip,mixup:0.2"), "flip,mixup:0.2");
  config.teacher_views = "flip";
  EXPECT_EQ(seen_by_teacher(config, "flip,mixup:0.2"), "flip");
  config.teacher_views = "canonical";
  EXPECT_EQ(seen_by_teacher(config, "flip,mixup:0.2"), "none");
  config = {.granularity = "sample", .content = "probs", .fusion = "mean:4", .teacher = "t"};
  config.teacher_views = "same";
  EXPECT_EQ(seen_by_teacher(config, "flip,mixup:0.2"), "flip");
  config.fusion = "canonical";
  EXPECT_EQ(seen_by_teacher(config, "flip,mixup:0.2"), "none");
}

TEST(TeacherPolicy, RefusesATeacherThatWouldSeeOtherMixtures) {
  TargetConfig config{.granularity = "view", .content = "probs", .teacher = "t"};
  for (const char* other : {"flip,mixup:0.5", "flip,cutmix:1", "flip,mixup:0.2,cutmix:1"}) {
    config.teacher_views = other;
    EXPECT_THROW(seen_by_teacher(config, "flip,mixup:0.2"), std::invalid_argument) << other;
    EXPECT_THROW(seen_by_teacher(config, "flip"), std::invalid_argument) << other;
  }
  config.teacher_views = "mixup:0.2";  // the mixtures of samples that are not flipped
  EXPECT_EQ(seen_by_teacher(config, "flip,mixup:0.2"), "mixup:0.2");
}

TEST(Granularity, ReadsEveryFormAndWritesItBack) {
  for (const char* text : {"class", "cluster:8", "sample", "pool:4", "view"}) {
    EXPECT_EQ(Granularity::parse(text).text(), text);
  }
  for (const char* bad : {"", "cluster", "cluster:0", "pool:x", "class:2", "view:1", "sample:"}) {
    EXPECT_THROW(Granularity::parse(bad), std::invalid_argument) << bad;
  }
}

TEST(Granularity, CountsItsTargets) {
  const auto targets = [](const char* text) {
    return Granularity::parse(text).targets({.classes = 10, .samples = 60, .epochs = 3});
  };
  EXPECT_EQ(targets("class"), 10);
  EXPECT_EQ(targets("cluster:2"), 20);
  EXPECT_EQ(targets("sample"), 60);
  EXPECT_EQ(targets("pool:3"), 180);
  EXPECT_EQ(targets("view"), 180);
}

TEST(Fusion, ReadsCanonicalAndMeans) {
  EXPECT_EQ(Fusion::parse("canonical").views, 0);
  EXPECT_EQ(Fusion::parse("mean:8").views, 8);
  EXPECT_EQ(Fusion::parse("mean:8").text(), "mean:8");
  for (const char* bad : {"", "mean", "mean:", "mean:0", "mean:-1", "mean:2x", "median:3"}) {
    EXPECT_THROW(Fusion::parse(bad), std::invalid_argument) << bad;
  }
}

TEST(TeacherRef, ReadsOneOrSeveral) {
  EXPECT_TRUE(TeacherRef::parse("").empty());
  EXPECT_EQ(TeacherRef::parse("a").names, std::vector<std::string>{"a"});
  const TeacherRef both = TeacherRef::parse("a+b", EnsembleMean::kLogits);
  EXPECT_TRUE(both.is_ensemble());
  EXPECT_EQ(both.text(), "a+b");
  EXPECT_THROW(TeacherRef::parse("a+"), std::invalid_argument);
  EXPECT_THROW(TeacherRef::parse("+a"), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
