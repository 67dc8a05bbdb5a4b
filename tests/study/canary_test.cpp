// Targets that came apart from their samples or views must show in the accuracy.

#include <gtest/gtest.h>
#include <torch/types.h>

#include "temporary_folder.h"
#include "toy_run.h"

namespace tandem {
namespace {

constexpr double kChancePct = 25;

// Noise that makes every label wrong must show: the classes are learnt as the next ones are named,
// and a validation split that nobody touched says so.
TEST(Canary, LabelsThatAreAllOfTheNextClassMakeAccuracyCollapse) {
  const Dataset all = toy_dataset(90, 4, 1);
  DataConfig data{.name = "toy", .validation = 200};
  const Splits clean = split_samples(all, data);
  data.label_noise = 1;
  data.noise = "pairwise";
  const Splits noisy = split_samples(all, data);
  EXPECT_EQ(noisy.validation.fingerprint(), clean.validation.fingerprint());
  EXPECT_GT(final_accuracy({}, clean, nullptr), 85);
  EXPECT_LT(final_accuracy({}, noisy, nullptr), 10);
}

// The commonest bug of the field: cached labels that no longer belong to their samples. If targets
// and samples ever came apart in Tandem, the unshuffled student below would fail as the shuffled
// one does. The unified loss's classifier sees true labels, so a student that learns nothing from
// its targets keeps a little accuracy: what a linear classifier reads off features that were
// trained to fit noise.
TEST(Canary, ShuffledTargetsMakeASampleStudentCollapse) {
  const Splits splits = toy_splits();
  const auto teacher = toy_teacher(splits);
  TargetConfig target{.granularity = "sample", .content = "probs", .teacher = "t"};
  TrialConfig config = toy_trial(kSteps, target);
  config.loss.form = "direct";
  const TemporaryFolder folder;
  const double aligned = train(config, splits, teacher, folder.path() / "aligned")
                             .evaluations.back()
                             .validation_top1_pct;
  config.target.shuffle = true;
  const double shuffled = train(config, splits, teacher, folder.path() / "shuffled")
                              .evaluations.back()
                              .validation_top1_pct;
  EXPECT_GT(aligned, 85);
  EXPECT_LT(shuffled, kChancePct + 0.35 * (aligned - kChancePct));
}

/// A teacher whose every answer belongs to another view of the batch.
class MisalignedTeacher : public Teacher {
 public:
  explicit MisalignedTeacher(std::shared_ptr<Teacher> inner) : inner_(std::move(inner)) {}
  torch::Tensor answer(const torch::Tensor& pixels, Content content, double temperature) override {
    return inner_->answer(pixels, content, temperature).roll(1, 0);
  }
  std::int64_t class_count() const override { return inner_->class_count(); }
  std::int64_t width(Content content) const override { return inner_->width(content); }
  const Fingerprint& fingerprint() const override { return inner_->fingerprint(); }

 private:
  std::shared_ptr<Teacher> inner_;
};

TEST(Canary, AnswersToOtherViewsMakeAViewStudentCollapse) {
  const Splits splits = toy_splits();
  const auto teacher = toy_teacher(splits);
  TrialConfig config =
      toy_trial(kSteps, {.granularity = "view", .content = "probs", .teacher = "t"});
  config.loss.form = "direct";
  const TemporaryFolder folder;
  const double aligned = train(config, splits, teacher, folder.path() / "aligned")
                             .evaluations.back()
                             .validation_top1_pct;
  const double misaligned = train(config, splits, std::make_shared<MisalignedTeacher>(teacher),
                                  folder.path() / "misaligned")
                                .evaluations.back()
                                .validation_top1_pct;
  EXPECT_GT(aligned, 85);
  EXPECT_LT(misaligned, kChancePct + 0.35 * (aligned - kChancePct));
}

}  // namespace
}  // namespace tandem
