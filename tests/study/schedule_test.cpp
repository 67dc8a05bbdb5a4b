// Mappings that change during training: the switch comes when it should, nothing else changes with
// it, and an interrupted run goes through the same switches.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "tandem/core/interrupted.h"
#include "tandem/core/safetensors.h"
#include "tandem/target/teacher_accuracy.h"
#include "temporary_folder.h"
#include "toy_run.h"

namespace tandem {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kRunSteps = 24;

/// Notes which mapping answers, and the batches that it is asked about.
class NotingMapping : public Mapping {
 public:
  NotingMapping(std::shared_ptr<Mapping> inner, std::vector<Content>& contents,
                std::vector<Batch>& batches)
      : inner_(std::move(inner)), contents_(contents), batches_(batches) {}
  Target targets(const Batch& batch) override {
    Target target = inner_->targets(batch);
    contents_.push_back(target.content);
    batches_.push_back(batch);
    return target;
  }
  std::int64_t width() const override { return inner_->width(); }

 private:
  std::shared_ptr<Mapping> inner_;
  std::vector<Content>& contents_;
  std::vector<Batch>& batches_;
};

struct Notes {
  std::vector<Content> contents;  ///< of the targets of each step
  std::vector<Batch> batches;
};

/// Teachers "weak" and "strong" of the toy data set.
class ScheduleTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    splits_ = std::make_unique<Splits>(toy_splits());
    teachers_["weak"] = toy_teacher(*splits_, 12);
    teachers_["strong"] = toy_teacher(*splits_, 150);
  }
  static void TearDownTestSuite() {
    splits_.reset();
    teachers_.clear();
  }

  static TrialConfig soft_trial(const std::vector<std::string>& rules,
                                std::int64_t steps = kRunSteps) {
    TargetConfig target{.granularity = "view", .content = "probs", .teacher = "weak"};
    target.switches = rules;
    return toy_trial(steps, target);
  }

  MappingSchedule schedule(const TrialConfig& config, Notes& notes) const {
    const MappingPlan plan = plan_mappings(config.target);
    const auto mappings = toy_mappings(config, *splits_, {teachers_, folder_.path()});
    std::vector<MappingPhase> made;
    for (std::size_t k = 0; k < plan.size(); ++k) {
      made.push_back(
          {.mapping = std::make_shared<NotingMapping>(mappings[k], notes.contents, notes.batches),
           .until = plan[k].until});
      if (plan[k].until && plan[k].until->kind == EventKind::kPassesTeacher) {
        made.back().teacher_top1_pct =
            top1_pct(*teachers_.at(plan[k].spec.teacher.text()), splits_->validation);
      }
    }
    return MappingSchedule(std::move(made));
  }

  TrialRecord run(const TrialConfig& config, const std::string& name, Notes& notes,
                  FitObserver& observer, std::stop_token stop = {}) const {
    return run_toy(config, *splits_, schedule(config, notes), folder_.path() / name, observer,
                   std::move(stop));
  }

  TrialRecord run(const TrialConfig& config, const std::string& name) const {
    Notes notes;
    FitObserver silent;
    return run(config, name, notes, silent);
  }

  void expect_same_weights(const std::string& one, const std::string& other) const {
    const auto weights = [&](const std::string& name) {
      return read_safetensors(folder_.path() / name / "weights" /
                              fmt::format("step-{:06}.safetensors", kRunSteps))
          .tensors;
    };
    const auto a = weights(one), b = weights(other);
    ASSERT_EQ(a.size(), b.size());
    for (const auto& [name, tensor] : a) {
      EXPECT_TRUE(torch::equal(tensor, b.at(name))) << name << " of " << one << " and " << other;
    }
  }

  inline static std::unique_ptr<Splits> splits_;
  inline static std::map<std::string, std::shared_ptr<Teacher>> teachers_;
  TemporaryFolder folder_;
};

TEST_F(ScheduleTest, OfEqualMappingsGivesTheWeightsOfOneMappingBitForBit) {
  run(soft_trial({}), "one");
  const TrialRecord record = run(
      soft_trial({"step:5 teacher=weak", "epoch:1 content=probs", "step:12 temperature=1"}), "all");
  EXPECT_EQ(record.switches.size(), 3u);
  expect_same_weights("one", "all");
}

TEST_F(ScheduleTest, SoftHardSoftUsesEachKindOfTargetInItsTurn) {
  const TrialConfig config = soft_trial(
      {"step:5 granularity=class content=one-hot", "epoch:1.5 granularity=view content=probs"});
  Notes notes;
  FitObserver silent;
  const TrialRecord record = run(config, "trial", notes, silent);
  // 160 samples and batches of 20: one and a half passes are 12 steps.
  std::vector<Content> expected(kRunSteps, Content::kProbs);
  std::fill(expected.begin() + 5, expected.begin() + 12, Content::kOneHot);
  EXPECT_EQ(notes.contents, expected);
  ASSERT_EQ(record.switches.size(), 2u);
  EXPECT_EQ(record.switches[0].step, 5);
  EXPECT_EQ(record.switches[0].rule, "step:5 granularity=class content=one-hot");
  EXPECT_EQ(record.switches[1].step, 12);
  EXPECT_EQ(record.switches[1].phase, 2);
  EXPECT_EQ(read_trial(folder_.path() / "trial").switches[1].step, 12);
}

TEST_F(ScheduleTest, SeesTheBatchesAndViewsThatARunOfOneMappingSees) {
  Notes one, changing;
  FitObserver silent;
  run(soft_trial({}), "one", one, silent);
  run(soft_trial({"step:3 granularity=class content=one-hot", "rela:0.5:0.5 content=smoothed"}),
      "changing", changing, silent);
  ASSERT_EQ(one.batches.size(), changing.batches.size());
  for (std::size_t k = 0; k < one.batches.size(); ++k) {
    EXPECT_EQ(one.batches[k].indices, changing.batches[k].indices);
    EXPECT_TRUE(torch::equal(one.batches[k].pixels, changing.batches[k].pixels)) << k;
  }
}

TEST_F(ScheduleTest, ARuleForTheLastStepHasNoStepLeftAndIsNotRecorded) {
  EXPECT_TRUE(run(soft_trial({"step:24 teacher=strong"}), "at_the_end").switches.empty());
  EXPECT_EQ(run(soft_trial({"step:23 teacher=strong"}), "before").switches.size(), 1u);
}

TEST_F(ScheduleTest, LeavesTheTeacherAtTheFirstLookWhereTheStudentIsAsGood) {
  TrialConfig config =
      soft_trial({"passes-teacher granularity=class content=one-hot"}, 4 * kRunSteps);
  config.train.evaluations = 20;
  const TrialRecord record = run(config, "trial");
  const double teacher = top1_pct(*teachers_.at("weak"), splits_->validation);
  const auto passed =
      std::find_if(record.evaluations.begin(), record.evaluations.end(),
                   [&](const Evaluation& e) { return e.validation_top1_pct >= teacher; });
  ASSERT_NE(passed, record.evaluations.end()) << "the weak teacher has " << teacher << " %";
  ASSERT_EQ(record.switches.size(), 1u);
  EXPECT_EQ(record.switches[0].step, passed->step);
}

TEST_F(ScheduleTest, ResumesToTheSameWeightsWhereverARunIsInterruptedAroundASwitch) {
  for (const char* rule :
       {"step:10 granularity=class content=one-hot", "epoch:1.2 teacher=strong",
        "rela:0.5:0.3 granularity=class content=one-hot", "passes-teacher teacher=strong"}) {
    TrialConfig config = soft_trial({rule});
    config.train.evaluate_at = {6, 9, 12, 15, 18, 21};
    const std::string whole = fmt::format("whole {}", rule);
    const TrialRecord record = run(config, whole);
    ASSERT_EQ(record.switches.size(), 1u) << rule;
    const std::int64_t at = record.switches[0].step;
    for (std::int64_t stop = std::max<std::int64_t>(at - 2, 1);
         stop <= std::min(at + 2, kRunSteps - 1); ++stop) {
      const std::string parts = fmt::format("stopped after {} {}", stop, rule);
      StopAfter observer(stop);
      Notes notes;
      EXPECT_THROW(run(config, parts, notes, observer, observer.token()), Interrupted);
      const TrialRecord resumed = run(config, parts);
      expect_same_weights(whole, parts);
      ASSERT_EQ(resumed.switches.size(), 1u) << parts;
      EXPECT_EQ(resumed.switches[0].step, at) << parts;
    }
  }
}

TEST_F(ScheduleTest, FromAWeakTeacherToAStrongOneTrainsAStudentFarAboveChance) {
  const TrialRecord record = run(soft_trial({"step:15 teacher=strong"}, 150), "trial");
  EXPECT_GT(record.evaluations.back().validation_top1_pct, 85);
}

TEST_F(ScheduleTest, IsRefusedWithoutTheValidationSplitThatItWaitsFor) {
  const TrialConfig config = soft_trial({"passes-teacher teacher=strong"});
  Notes notes;
  const MappingSchedule mappings = schedule(config, notes);
  Training training(training_of(config), splits_->train, splits_->normalisation,
                    target_form(plan_mappings(config.target), 4));
  FitObserver silent;
  EXPECT_THROW(fit(training, mappings, {}, silent), std::invalid_argument);
}

TEST_F(ScheduleTest, IsRefusedWhereItsMappingsAreNotThoseOfTheConfig) {
  Notes notes;
  EXPECT_THROW(run_toy(soft_trial({"step:3 teacher=strong"}), *splits_,
                       schedule(soft_trial({}), notes), folder_.path() / "trial"),
               std::invalid_argument);
}

TEST_F(ScheduleTest, RefusesALossThatDoesNotFitTheTargetsOfALaterMapping) {
  TrialConfig config = soft_trial({"step:3 content=logits"});
  config.loss.target = "kl";
  const auto set_up = [&] {
    Training(training_of(config), splits_->train, splits_->normalisation,
             target_form(plan_mappings(config.target), 4));
  };
  EXPECT_THROW(set_up(), std::invalid_argument);
  config.loss.target = "auto";
  EXPECT_NO_THROW(set_up());
  config = soft_trial({"step:3 content=features"});
  config.loss.form = "direct";
  EXPECT_THROW(set_up(), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
