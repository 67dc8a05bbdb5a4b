// A student that reads its targets from a store: bit for bit the student that asks the teacher, and
// refused before the first step where store and student do not belong together.

#include "tandem/label/student_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

#include "tandem/label/labelling.h"
#include "tandem/model/weights.h"
#include "temporary_folder.h"
#include "toy_trial.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::int64_t kBudget = 24;  // three visits of 160 samples in batches of 20

class StudentStore : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    splits_ = std::make_unique<Splits>(toy_splits());
    teacher_ = toy_teacher(*splits_);
  }
  static void TearDownTestSuite() {
    splits_.reset();
    teacher_.reset();
  }

  static TrialConfig trial(const TargetConfig& target, std::int64_t steps = kBudget) {
    TrialConfig config = toy_trial(steps, target);
    config.seed = 3;
    return resolve(config);
  }

  /// Labels what `config` would ask its teacher, for `epochs` visits, at its views.
  fs::path label(const TrialConfig& config, std::int64_t epochs = 3,
                 const std::string& encoding = "fp32") const {
    LabelConfig wanted = labelling_of(mapping_of(config), config.data, config.views);
    wanted.views.seed = static_cast<std::int64_t>(view_seed(config.views, config.seed));
    wanted.store = {.epochs = wanted.target.granularity == "view" ? epochs : 1,
                    .encoding = encoding};
    const fs::path path = folder_.path() / "store.safetensors";
    Labelling(resolve(wanted), *splits_, teacher_, path).run({}, {}, "test");
    return path;
  }

  /// The same trial, from the store.
  static TrialConfig reading(TrialConfig config, const fs::path& store) {
    const std::string views = config.target.teacher_views;
    const bool shuffle = config.target.shuffle;
    config.target = TargetConfig{.store = store.string(), .shuffle = shuffle};
    config.target.teacher_views = views.empty() ? "same" : views;
    config.target = resolve(take_from_store(config.target));
    return resolve(config);
  }

  static MappingSpec mapping_of(const TrialConfig& config) {
    return plan_mappings(config.target).front().spec;
  }

  /// The mapping that the config asks for, from its store or from the teacher.
  std::shared_ptr<Mapping> mapping(const TrialConfig& config) const {
    return toy_mappings(config, *splits_, {{{"t", teacher_}}, folder_.path()}).front();
  }

  struct Trained {
    std::map<std::string, torch::Tensor> weights;
    double validation_top1_pct = 0;
  };

  static Trained train(const TrialConfig& config, const std::shared_ptr<Mapping>& mapping) {
    Training training(training_of(config), splits_->train, splits_->normalisation,
                      target_form(plan_mappings(config.target), mapping->width()));
    FitObserver silent;
    const FitResult result = fit(training, *mapping, {.validation = &splits_->validation}, silent);
    return {state_of(training.model()), result.state.evaluations.back().validation_top1_pct};
  }

  /// Students that ask the teacher and that read its store, which is then removed.
  void expect_same_students(const TrialConfig& config) {
    const auto online = train(config, mapping(config)).weights;
    const fs::path store = label(config);
    const TrialConfig from_store = reading(config, store);
    const auto stored = train(from_store, mapping(from_store)).weights;
    ASSERT_EQ(online.size(), stored.size());
    for (const auto& [name, tensor] : online) {
      EXPECT_TRUE(torch::equal(tensor, stored.at(name))) << name;
    }
    fs::remove(store);
  }

  /// What opening `path` for `config` is refused with.
  std::string refusal(const TrialConfig& config, const fs::path& path,
                      const std::optional<Fingerprint>& teacher = {}) const {
    try {
      open_student_store(path, mapping_of(config), config, *splits_, teacher);
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), HasSubstr(path.string()));
      return error.what();
    }
    return "nothing was refused";
  }

  inline static std::unique_ptr<Splits> splits_;
  inline static std::shared_ptr<Teacher> teacher_;
  TemporaryFolder folder_;
};

TargetConfig soft(const std::string& granularity, const std::string& content = "probs") {
  return {.granularity = granularity, .content = content, .temperature = 2, .teacher = "t"};
}

TEST_F(StudentStore, OfViewsTrainsTheStudentThatAsksTheTeacherBitForBit) {
  for (const std::string content : {"probs", "logits", "features"}) {
    const TrialConfig config = trial(soft("view", content));
    expect_same_students(config);
  }
}

TEST_F(StudentStore, OfReducedFeaturesTrainsTheStudentThatAsksTheTeacherBitForBit) {
  for (const std::string granularity : {"view", "pool:2"}) {
    TargetConfig target = soft(granularity, "features");
    target.pca = 3;
    const TrialConfig config = trial(target);
    EXPECT_EQ(mapping(config)->width(), 3);
    expect_same_students(config);
  }
}

TEST_F(StudentStore, OfAPoolTrainsTheStudentThatAsksTheTeacherBitForBit) {
  const TrialConfig config = trial(soft("pool:2"));
  ASSERT_EQ(config.views.pool, 2);
  expect_same_students(config);
}

TEST_F(StudentStore, OfMixedViewsTrainsTheStudentWhoseTeacherSeesTheMixturesBitForBit) {
  TrialConfig config = trial(soft("view"));
  config.views.policy = "pad-crop:1,flip,mixup:0.8,cutmix:1";
  expect_same_students(config);
}

TEST_F(StudentStore, OfWeakerViewsTrainsTheStudentWhoseTeacherSeesThoseBitForBit) {
  TargetConfig target = soft("view");
  target.teacher_views = "pad-crop:1";
  const TrialConfig config = trial(target);
  expect_same_students(config);
}

TEST_F(StudentStore, LetsAStudentGoRoundAFewStoredViews) {
  TrialConfig config = trial(soft("view"));
  config.views.pool = 2;
  expect_same_students(config);
}

TEST_F(StudentStore, OfAPoolOfKShowsEachViewAgainAfterKVisits) {
  const TrialConfig config = trial(soft("pool:2"));
  Training training(training_of(config), splits_->train, splits_->normalisation,
                    {{Content::kProbs}, 4});
  BatchSource& batches = training.batches();
  std::map<std::int64_t, std::vector<View>> views_of_sample;
  for (std::int64_t step = 0; step < 5 * 160 / 20; ++step) {
    const Batch batch = batches.batch(step);
    for (std::size_t k = 0; k < batch.indices.size(); ++k) {
      views_of_sample[batch.indices[k]].push_back(batch.views[k]);
    }
  }
  int changed = 0;
  for (const auto& [sample, views] : views_of_sample) {
    ASSERT_EQ(views.size(), 5u);
    for (std::size_t visit = 2; visit < views.size(); ++visit) {
      EXPECT_EQ(views[visit], views[visit - 2]) << sample;
    }
    changed += views[0] == views[1] ? 0 : 1;
  }
  EXPECT_GT(changed, 80);
}

TEST_F(StudentStore, ShuffledMakesAStudentCollapse) {
  TrialConfig config = trial(soft("view"), 150);
  config.loss.form = "direct";
  const fs::path path = label(config, 19);
  const TrialConfig straight = reading(config, path);
  config.target.shuffle = true;
  const TrialConfig shuffled = reading(config, path);
  ASSERT_TRUE(shuffled.target.shuffle);
  EXPECT_GT(train(straight, mapping(straight)).validation_top1_pct, 85);
  EXPECT_LT(train(shuffled, mapping(shuffled)).validation_top1_pct, 45);  // chance is 25
}

TEST_F(StudentStore, SaysWhatTheConfigLeavesOut) {
  const fs::path path = label(trial(soft("pool:2", "logits")));
  const TargetConfig taken = take_from_store({.store = path.string()});
  EXPECT_EQ(taken.granularity, "pool:2");
  EXPECT_EQ(taken.content, "logits");
  EXPECT_EQ(take_from_store({.granularity = "view"}).granularity, "view");
}

TEST_F(StudentStore, RefusesAConfigThatSaysSomethingElse) {
  const fs::path path = label(trial(soft("sample")));
  const auto refused = [&](TargetConfig config, const std::string& words) {
    config.store = path.string();
    EXPECT_THAT([&] { take_from_store(config); },
                ThrowsMessage<std::invalid_argument>(AllOf(
                    HasSubstr(words), HasSubstr(path.string()), HasSubstr("leave the key out"))));
  };
  refused({.granularity = "view"}, "target.granularity = 'view'");
  refused({.content = "logits"}, "target.content = 'logits'");
  refused({.temperature = 4}, "target.temperature = '4'");
  refused({.fusion = "mean:3"}, "target.fusion = 'mean:3'");
}

TEST_F(StudentStore, IsNotTakenByAMappingThatSaysHardTargetsEvenInWordsOfTheDefaults) {
  const fs::path path = label(trial(soft("sample")));
  EXPECT_THROW(take_from_store({.granularity = "class", .store = path.string()}),
               std::invalid_argument);
  EXPECT_THROW(take_from_store({.content = "one-hot", .store = path.string()}),
               std::invalid_argument);
}

TEST_F(StudentStore, RefusesAReductionThatItDoesNotHold) {
  const TrialConfig config = trial(soft("sample", "features"));
  const fs::path path = label(config);
  TrialConfig reduced = reading(config, path);
  EXPECT_EQ(refusal(reduced, path), "nothing was refused");
  reduced.target.pca = 3;
  EXPECT_THAT(refusal(reduced, path), HasSubstr("target.pca = 3"));
}

TEST_F(StudentStore, RefusesMoreVisitsThanItHoldsUpFront) {
  const TrialConfig config = trial(soft("view"));
  const fs::path path = label(config);
  EXPECT_EQ(refusal(reading(config, path), path), "nothing was refused");
  const TrialConfig longer = reading(trial(soft("view"), kBudget + 1), path);
  EXPECT_THAT(refusal(longer, path),
              AllOf(HasSubstr("targets for 3 visits"), HasSubstr("the student makes 4"),
                    HasSubstr("store.epochs=4"), HasSubstr("views.pool = 3")));
  TrialConfig round = longer;
  round.views.pool = 3;
  EXPECT_EQ(refusal(round, path), "nothing was refused");
  round.views.pool = 4;
  EXPECT_THAT(refusal(round, path), HasSubstr("targets for 3 visits"));
}

TEST_F(StudentStore, OfSoManyEpochsServesATrainingOfAsManyWhateverTheBatch) {
  TrialConfig config = trial(soft("view"));
  const fs::path path = label(config);
  config.train.steps = 0;
  config.train.epochs = 3;
  for (const std::int64_t batch : {7, 20, 64, 128, 160}) {
    config.train.batch = batch;
    EXPECT_EQ(refusal(reading(config, path), path), "nothing was refused") << batch;
  }
}

TEST_F(StudentStore, RefusesOtherSeedsViewsTeachersAndSamples) {
  const TrialConfig config = trial(soft("view"));
  const fs::path path = label(config);
  TrialConfig other = reading(config, path);
  other.seed = 4;
  EXPECT_THAT(refusal(other, path), AllOf(HasSubstr("seed 3"), HasSubstr("seed 4")));
  other.views.seed = 3;
  EXPECT_EQ(refusal(other, path), "nothing was refused");
  other.views.policy = "flip";
  EXPECT_THAT(refusal(other, path), AllOf(HasSubstr("'pad-crop:1,flip'"), HasSubstr("'flip'")));
  other.target.teacher_views = "pad-crop:1,flip";  // the difference is meant
  EXPECT_EQ(refusal(other, path), "nothing was refused");
  EXPECT_EQ(refusal(other, path, teacher_->fingerprint()), "nothing was refused");
  EXPECT_THAT(refusal(other, path, Fingerprint{.high = 1, .low = 1}), HasSubstr("teacher t"));
  const Splits fewer = toy_splits(30);
  const TrialConfig from_store = reading(config, path);
  EXPECT_THAT([&] { open_student_store(path, mapping_of(from_store), from_store, fewer, {}); },
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr("160 samples of toy"), HasSubstr("120 samples of toy"))));
}

}  // namespace
}  // namespace tandem
