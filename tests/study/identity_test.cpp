// What a result is known by: everything that decides it, and nothing else.

#include "tandem/study/identity.h"

#include <gtest/gtest.h>

#include <functional>

#include "identity_text.h"

namespace tandem {
namespace {

const DataIdentity kData{.train = "1", .validation = "2", .test = "3"};

TrialConfig soft_config() {
  TrialConfig config;
  config.target = {.granularity = "view", .content = "probs", .teacher = "weak"};
  config.target.switches = {"step:5 teacher=strong"};
  config.train.steps = 10;
  return resolve(config);
}

SourceIdentity soft_sources(const std::string& weak = "aa", const std::string& strong = "bb") {
  return {.teachers = {{TeacherRef::parse("weak"), weak}, {TeacherRef::parse("strong"), strong}},
          .stores = {}};
}

std::string id_of(const std::function<void(TrialConfig&)>& change) {
  TrialConfig config = soft_config();
  change(config);
  return trial_identity(config, kData, soft_sources(), 10);
}

TEST(TrialIdentity, ChangesWithEveryKeyThatDecidesTheResult) {
  const std::string id = id_of([](TrialConfig&) {});
  const std::vector<std::function<void(TrialConfig&)>> changes = {
      [](TrialConfig& c) { c.seed = 1; },
      [](TrialConfig& c) { c.views.policy = "flip"; },
      [](TrialConfig& c) { c.views.seed = 7; },
      [](TrialConfig& c) { c.views.pool = 3; },
      [](TrialConfig& c) { c.model.width = 7; },
      [](TrialConfig& c) { c.loss.soft_weight = 0.5; },
      [](TrialConfig& c) { c.train.batch = 9; },
      [](TrialConfig& c) { c.train.rate = 0.2; },
      [](TrialConfig& c) { c.train.evaluations = 2; },
      [](TrialConfig& c) { c.target.temperature = 4; },
      [](TrialConfig& c) { c.target.switches = {"step:6 teacher=strong"}; }};
  for (std::size_t k = 0; k < changes.size(); ++k) {
    EXPECT_NE(id_of(changes[k]), id) << k;
  }
}

TEST(TrialIdentity, DoesNotChangeWithPathsNamesDevicesAndThreads) {
  const std::string id = id_of([](TrialConfig&) {});
  EXPECT_EQ(id_of([](TrialConfig& c) { c.data.folder = "/elsewhere"; }), id);
  EXPECT_EQ(id_of([](TrialConfig& c) { c.data.name = "image-folder"; }), id);
  EXPECT_EQ(id_of([](TrialConfig& c) { c.train.threads = 2; }), id);
  EXPECT_EQ(id_of([](TrialConfig& c) { c.train.device = "cuda"; }), id);
  TrialConfig renamed = soft_config();
  renamed.target.teacher = "first";
  renamed.target.switches = {"step:5 teacher=second"};
  const SourceIdentity sources{
      .teachers = {{TeacherRef::parse("first"), "aa"}, {TeacherRef::parse("second"), "bb"}},
      .stores = {}};
  EXPECT_EQ(trial_identity(renamed, kData, sources, 10), id);
}

TEST(TrialIdentity, ChangesWithTheContentOfDataTeachersAndStores) {
  const TrialConfig config = soft_config();
  const std::string id = trial_identity(config, kData, soft_sources(), 10);
  for (const DataIdentity& other :
       {DataIdentity{"0", "2", "3"}, {"1", "0", "3"}, {"1", "2", "0"}}) {
    EXPECT_NE(trial_identity(config, other, soft_sources(), 10), id);
  }
  EXPECT_NE(trial_identity(config, kData, soft_sources("aa", "cc"), 10), id);
  EXPECT_NE(trial_identity(config, kData, soft_sources("cc", "bb"), 10), id);
  TrialConfig stored = config;
  stored.target = {.granularity = "view", .content = "probs", .store = "a.safetensors"};
  const auto with_store = [&](const std::string& fingerprint) {
    return trial_identity(stored, kData,
                          {.teachers = {}, .stores = {{"a.safetensors", fingerprint}}}, 10);
  };
  EXPECT_NE(with_store("dd"), with_store("ee"));
}

TEST(TrialIdentity, IsTheSameHoweverTheBudgetIsSaid) {
  TrialConfig epochs = soft_config();
  epochs.train.steps = 0;
  epochs.train.epochs = 2;
  EXPECT_EQ(trial_identity(epochs, kData, soft_sources(), 10),
            trial_identity(soft_config(), kData, soft_sources(), 10));
}

// Fixed for good: a change here makes every result that anyone has unknown.
TEST(TrialIdentity, IsWhatItAlwaysWas) {
  EXPECT_EQ(trial_identity(soft_config(), kData, soft_sources(), 10), "77d22afed6608722");
}

LadderConfig small_ladder() {
  LadderConfig config;
  config.rungs = {"weak", "strong"};
  config.steps = {5, 50};
  config.views.policy = "pad-crop:2,flip";
  config.train.steps = 50;
  return config;
}

std::string ladder_id_of(const std::function<void(LadderConfig&)>& change) {
  LadderConfig config = small_ladder();
  change(config);
  return ladder_identity(config, kData, 50);
}

TEST(LadderIdentity, ChangesWithWhatDecidesTheTeachersAndWithNothingElse) {
  const std::string id = ladder_id_of([](LadderConfig&) {});
  const std::vector<std::function<void(LadderConfig&)>> changes = {
      [](LadderConfig& c) { c.seed = 1; },        [](LadderConfig& c) { c.steps = {6, 50}; },
      [](LadderConfig& c) { c.smoothing = 0.1; }, [](LadderConfig& c) { c.views.pool = 3; },
      [](LadderConfig& c) { c.model.width = 7; }, [](LadderConfig& c) { c.train.rate = 0.2; }};
  for (std::size_t k = 0; k < changes.size(); ++k) {
    EXPECT_NE(ladder_id_of(changes[k]), id) << k;
  }
  EXPECT_EQ(ladder_id_of([](LadderConfig& c) { c.train.threads = 2; }), id);
  EXPECT_EQ(ladder_id_of([](LadderConfig& c) { c.train.evaluations = 3; }), id);
  EXPECT_EQ(ladder_id_of([](LadderConfig& c) { c.views.policy = "pad-crop:2, flip"; }), id);
  EXPECT_EQ(ladder_id_of([](LadderConfig& c) {
              c.train.steps = 0;
              c.train.samples = 50 * c.train.batch;
            }),
            id);
}

// Fixed for good, as a trial's is.
TEST(LadderIdentity, IsWhatItAlwaysWas) {
  EXPECT_EQ(ladder_id_of([](LadderConfig&) {}), "171d8b2c492d5d51");
}

// How a key that is added later leaves the ids of all that was measured before as they are.
TEST(WithoutAddedKeys, LeavesOutTheKeyOfItsTableAtItsOldValueAlone) {
  const std::vector<std::string_view> added = {"[trial] seed = 0", "[views] new = 0"};
  const auto kept = [&](const std::string& text) {
    return without_added_keys(text, "[trial]", added);
  };
  EXPECT_EQ(kept("seed = 0\n[views]\nnew = 0\npool = 0\n[model]\nnew = 0\n"),
            "[views]\npool = 0\n[model]\nnew = 0\n");
  EXPECT_EQ(kept("seed = 1\n[views]\nnew = 2\n"), "seed = 1\n[views]\nnew = 2\n");
}

}  // namespace
}  // namespace tandem
