// The seam that makes comparisons honest: for one seed every mapping gets byte-identical initial
// weights, batches and views, and differs in the targets alone.

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tandem/model/weights.h"
#include "temporary_folder.h"
#include "toy_run.h"

namespace tandem {
namespace {

/// Passes on what another mapping says and keeps the batches it was asked about.
class RecordingMapping : public Mapping {
 public:
  RecordingMapping(std::shared_ptr<Mapping> inner, std::vector<Batch>& seen)
      : inner_(std::move(inner)), seen_(seen) {}
  Target targets(const Batch& batch) override {
    seen_.push_back(batch);
    return inner_->targets(batch);
  }
  std::int64_t width() const override { return inner_->width(); }

 private:
  std::shared_ptr<Mapping> inner_;
  std::vector<Batch>& seen_;
};

std::vector<Batch> batches_seen_under(const TargetConfig& target, std::int64_t seed,
                                      const Splits& splits, const std::shared_ptr<Teacher>& teacher,
                                      const std::string& policy = "pad-crop:1,flip",
                                      std::int64_t steps = 12) {
  const TemporaryFolder folder;
  TrialConfig config = resolve(toy_trial(steps, target));
  config.seed = seed;
  config.views.policy = policy;
  std::vector<Batch> seen;
  auto recording = std::make_shared<RecordingMapping>(
      toy_mappings(config, splits, {{{"t", teacher}}, folder.path()}).front(), seen);
  run_toy(config, splits, MappingSchedule({{.mapping = recording}}), folder.path() / "trial");
  return seen;
}

class SeamUnder : public testing::TestWithParam<const char*> {};

TEST_P(SeamUnder, AllMappingsSeeByteIdenticalBatchesOrdersAndViews) {
  const Splits splits = toy_splits();
  const auto teacher = toy_teacher(splits, 10);
  const std::vector<Batch> reference =
      batches_seen_under(main_mappings().front(), 3, splits, teacher, GetParam());
  ASSERT_EQ(reference.size(), 12u);
  for (const TargetConfig& target : main_mappings()) {
    const std::vector<Batch> seen = batches_seen_under(target, 3, splits, teacher, GetParam());
    ASSERT_EQ(seen.size(), reference.size());
    for (std::size_t step = 0; step < seen.size(); ++step) {
      EXPECT_EQ(seen[step].indices, reference[step].indices) << target.granularity;
      EXPECT_EQ(seen[step].views, reference[step].views) << target.granularity;
      EXPECT_TRUE(torch::equal(seen[step].pixels, reference[step].pixels)) << target.granularity;
      EXPECT_TRUE(torch::equal(seen[step].images, reference[step].images)) << target.granularity;
      EXPECT_TRUE(torch::equal(seen[step].labels, reference[step].labels)) << target.granularity;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, SeamUnder,
                         testing::Values("pad-crop:1,flip", "flip,mixup:0.8,cutmix:1"));

TEST(Seam, AnotherSeedSeesOtherBatchesAndViews) {
  const Splits splits = toy_splits();
  const auto teacher = toy_teacher(splits, 10);
  const auto one = batches_seen_under(main_mappings().front(), 3, splits, teacher);
  const auto two = batches_seen_under(main_mappings().front(), 4, splits, teacher);
  EXPECT_NE(one.front().indices, two.front().indices);
  EXPECT_FALSE(torch::equal(one.front().pixels, two.front().pixels));
}

// A pool:K shows view v mod K on visit v: until visit K all see the same, from there on the samples
// and their order alone are the same (see pairing_text).
TEST(Seam, APoolsViewsAreThoseOfTheOthersOnItsFirstVisitsAndNoLonger) {
  constexpr std::int64_t kPool = 2, kStepsOfAVisit = 8;  // 160 samples in batches of 20
  const Splits splits = toy_splits();
  const auto teacher = toy_teacher(splits, 10);
  const auto seen = [&](const char* granularity) {
    return batches_seen_under({.granularity = granularity, .content = "probs", .teacher = "t"}, 3,
                              splits, teacher, "pad-crop:1,flip", 4 * kStepsOfAVisit);
  };
  const std::vector<Batch> view = seen("view"), pool = seen("pool:2");
  ASSERT_EQ(view.size(), pool.size());
  for (std::size_t step = 0; step < view.size(); ++step) {
    EXPECT_EQ(view[step].indices, pool[step].indices) << step;
    const bool before = static_cast<std::int64_t>(step) < kPool * kStepsOfAVisit;
    EXPECT_EQ(torch::equal(view[step].pixels, pool[step].pixels), before) << step;
    EXPECT_EQ(view[step].views == pool[step].views, before) << step;
    EXPECT_TRUE(torch::equal(view[step].labels, pool[step].labels)) << step;
  }
  EXPECT_EQ(pool.back().view_keys.front().epoch, 1u) << "visit 3 shows view 3 mod 2 again";
}

TEST(Seam, AllMappingsStartFromByteIdenticalWeights) {
  const Splits splits = toy_splits();
  const TemporaryFolder folder;
  const ToyTeachers teachers{{{"t", toy_teacher(splits, 10)}}, folder.path()};
  const auto initial_weights = [&](const TargetConfig& target, std::int64_t& width) {
    const TrialConfig config = toy_trial(1, target);
    const MappingSchedule mappings = toy_schedule(config, splits, teachers);
    width = mappings.width();
    Training training(training_of(config), splits.train, splits.normalisation,
                      target_form(plan_mappings(config.target), width));
    return state_of(training.model());
  };
  std::int64_t width = 0;
  const auto reference = initial_weights(main_mappings().front(), width);
  for (const TargetConfig& target : main_mappings()) {
    const auto state = initial_weights(target, width);
    ASSERT_EQ(state.size(), reference.size());
    for (const auto& [name, tensor] : reference) {
      // The target head is as wide as the target, so only heads of one width can be compared.
      if (!name.starts_with("target_head.") || width == 4) {
        EXPECT_TRUE(torch::equal(state.at(name), tensor)) << target.content << " " << name;
      }
    }
  }
}

}  // namespace
}  // namespace tandem
