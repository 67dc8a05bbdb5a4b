#include "tandem/study/ladder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "temporary_folder.h"
#include "toy_trial.h"

namespace tandem {
namespace {

LadderConfig toy_ladder() {
  LadderConfig config;
  config.rungs = {"only"};
  config.steps = {24};
  config.views.policy = "pad-crop:1,flip";
  config.model = {.name = "convnet3", .width = 8};
  config.train.batch = 20;
  config.train.steps = 24;
  return config;
}

std::string teacher_of(const LadderConfig& config) {
  const TemporaryFolder folder;
  FitObserver silent;
  return train_ladder(config, {.name = "toy"}, toy_splits(), folder.path(), silent)
      .front()
      .fingerprint;
}

TEST(Ladder, LearnsFromThePoolOfViewsThatItsConfigSays) {
  LadderConfig pooled = toy_ladder();
  pooled.views.pool = 1;
  EXPECT_EQ(teacher_of(toy_ladder()), teacher_of(toy_ladder()));
  EXPECT_NE(teacher_of(pooled), teacher_of(toy_ladder()));
}

TEST(Ladder, LearnsFromMixedTargetsWhereItsViewsAreMixed) {
  LadderConfig mixed = toy_ladder();
  mixed.views.policy = "mixup:1";
  LadderConfig plain = toy_ladder();
  plain.views.policy = "none";
  EXPECT_NE(teacher_of(mixed), teacher_of(plain));
}

TEST(Ladder, RefusesASmoothingThatIsNoShareAndNamesTheKey) {
  for (const double smoothing : {-0.1, 1.1}) {
    LadderConfig config = toy_ladder();
    config.smoothing = smoothing;
    EXPECT_THAT([&] { teacher_of(config); },
                testing::ThrowsMessage<std::invalid_argument>(testing::HasSubstr("smoothing: ")));
  }
}

}  // namespace
}  // namespace tandem
