// Every mapping trains a student; a student whose targets came apart from its samples does not.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <set>

#include "tandem/core/interrupted.h"
#include "tandem/core/safetensors.h"
#include "tandem/record/selection.h"
#include "temporary_folder.h"
#include "toy_run.h"

namespace tandem {
namespace {

class EveryMapping : public testing::TestWithParam<TargetConfig> {};

TEST_P(EveryMapping, TrainsATinyStudentFarAboveChance) {
  const Splits splits = toy_splits();
  const auto teacher = toy_teacher(splits);
  EXPECT_GT(final_accuracy(GetParam(), splits, teacher), 85);
}

INSTANTIATE_TEST_SUITE_P(Learning, EveryMapping, testing::ValuesIn(main_mappings()),
                         [](const auto& instance) {
                           std::string name =
                               instance.param.granularity + "_" + instance.param.content;
                           std::erase_if(name, [](char c) { return c == '-' || c == ':'; });
                           return name;
                         });

void expect_same_weights(const std::filesystem::path& one, const std::filesystem::path& other) {
  const TensorFile a = read_safetensors(one);
  const TensorFile b = read_safetensors(other);
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (const auto& [name, tensor] : a.tensors) {
    EXPECT_TRUE(torch::equal(tensor, b.tensors.at(name))) << name;
  }
}

class EveryOptimizer : public testing::TestWithParam<const char*> {};

TEST_P(EveryOptimizer, ResumesToTheSameWeightsBitForBit) {
  const Splits splits = toy_splits();
  const TemporaryFolder folder;
  TrialConfig config = toy_trial(40);
  config.train.optimizer = GetParam();
  config.train.rate = 0.01;
  config.train.schedule = "cosine";
  train(config, splits, nullptr, folder.path() / "whole");

  StopAfter observer(17);
  EXPECT_THROW(run_toy(config, splits, toy_schedule(config, splits, {}), folder.path() / "parts",
                       observer, observer.token()),
               Interrupted);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "parts"));
  const TrialRecord resumed = train(config, splits, nullptr, folder.path() / "parts");

  expect_same_weights(folder.path() / "whole/weights/step-000040.safetensors",
                      folder.path() / "parts/weights/step-000040.safetensors");
  const TrialRecord whole = read_trial(folder.path() / "whole");
  ASSERT_EQ(resumed.evaluations.size(), whole.evaluations.size());
  for (std::size_t k = 0; k < whole.evaluations.size(); ++k) {
    EXPECT_EQ(resumed.evaluations[k].step, whole.evaluations[k].step);
    EXPECT_EQ(resumed.evaluations[k].train_loss, whole.evaluations[k].train_loss);
    EXPECT_EQ(resumed.evaluations[k].validation_top1_pct, whole.evaluations[k].validation_top1_pct);
  }
}

INSTANTIATE_TEST_SUITE_P(Learning, EveryOptimizer, testing::Values("sgd", "adamw"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST(RunTrial, EqualConfigsGiveEqualWeights) {
  const Splits splits = toy_splits();
  const TemporaryFolder folder;
  train(toy_trial(20), splits, nullptr, folder.path() / "one");
  train(toy_trial(20), splits, nullptr, folder.path() / "two");
  expect_same_weights(folder.path() / "one/weights/step-000020.safetensors",
                      folder.path() / "two/weights/step-000020.safetensors");
}

TEST(RunTrial, ThatDivergesIsRecordedAndNotThrown) {
  const Splits splits = toy_splits();
  const TemporaryFolder folder;
  TrialConfig config = toy_trial(60);
  config.train.rate = 1e6;
  const TrialRecord record = train(config, splits, nullptr, folder.path() / "trial");
  EXPECT_EQ(record.outcome, "diverged");
  EXPECT_NE(record.message.find("at step"), std::string::npos);
  EXPECT_EQ(read_trial(folder.path() / "trial").outcome, "diverged");
}

TEST(RunTrial, KeepsTheWeightsOfBudgetsAndOfTheBestStepsOnly) {
  const Splits splits = toy_splits();
  const TemporaryFolder folder;
  TrialConfig config = toy_trial(40);
  config.train.evaluations = 10;
  config.train.evaluate_at = {20, 40};
  FitObserver silent;
  const TrialRecord record = run_trial({.config = config,
                                        .splits = splits,
                                        .mappings = toy_schedule(config, splits, {}),
                                        .budgets = {20, 40},
                                        .folder = folder.path() / "trial",
                                        .begun = {}},
                                       silent);
  std::set<std::filesystem::path> expected, found;
  for (const std::int64_t step :
       {std::int64_t{20}, std::int64_t{40}, selected_step(record, 20), selected_step(record, 40)}) {
    expected.insert(fmt::format("step-{:06}.safetensors", step));
  }
  for (const auto& entry :
       std::filesystem::directory_iterator(folder.path() / "trial" / "weights")) {
    found.insert(entry.path().filename());
  }
  EXPECT_EQ(found, expected);
}

TEST(TestTrial, ReadsTheTestSplitOnceAndKeepsWhatItRead) {
  const Splits splits = toy_splits();
  const TemporaryFolder folder;
  const TrialConfig config = toy_trial(30);
  train(config, splits, nullptr, folder.path() / "trial");
  const TrialRecord tested =
      test_trial(config.train, splits.validation, {30}, folder.path() / "trial");
  ASSERT_EQ(tested.tests.size(), 1u);
  // The kept weights are those that were evaluated.
  EXPECT_DOUBLE_EQ(tested.tests[0].top1_pct, tested.evaluations.back().validation_top1_pct);
  drop_weights(folder.path() / "trial");
  EXPECT_EQ(test_trial(config.train, splits.validation, {30}, folder.path() / "trial").tests.size(),
            1u);
}

}  // namespace
}  // namespace tandem
