// Scores of samples: what a teacher and a training say of them, and what their file refuses.

#include "tandem/sample/sample_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

#include "tandem/core/safetensors.h"
#include "tandem/score/forgetting.h"
#include "tandem/score/teacher_scores.h"
#include "temporary_folder.h"
#include "toy_trial.h"

namespace tandem {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(ForgettingCounts, CountStepsFromRightToWrong) {
  ForgettingCounts counts(4);
  const std::vector<std::vector<bool>> visits = {
      {false, true, false, true, false},  // learnt twice, forgotten twice
      {true, true, true, true, true},
      {false, false, false, false, false},
      {false, false, true, true, true}};
  for (std::size_t sample = 0; sample < visits.size(); ++sample) {
    for (const bool correct : visits[sample]) {
      counts.visit(static_cast<std::int64_t>(sample), correct);
    }
  }
  EXPECT_TRUE(torch::equal(counts.counts(), torch::tensor({2.0F, 0.0F, 5.0F, 0.0F})));
}

TEST(Scores, OfForgettingTellSamplesThatCannotBeLearnt) {
  const Splits clean = toy_splits(40);
  torch::Tensor labels = clean.train.labels().clone();
  labels.narrow(0, 0, 8).add_(2).remainder_(4);  // eight of 160 are wrong
  const Splits splits{Dataset("toy", clean.train.images(), labels, clean.train.class_names()),
                      clean.validation, clean.normalisation, clean.train_indices};
  ForgettingConfig config{.seeds = {0, 1}};
  config.views.policy = "none";
  config.model = {.name = "convnet3", .width = 8};
  config.train.batch = 20;
  config.train.epochs = 8;
  config.train.schedule = "constant";
  FitObserver silent;
  const SampleScores scores = score_forgetting(config, splits, silent);
  EXPECT_EQ(scores.hard, "high");
  EXPECT_GT(scores.values.narrow(0, 0, 8).mean().item<double>(),
            3 * scores.values.narrow(0, 8, 152).mean().item<double>());
  EXPECT_TRUE(torch::equal(scores.values, score_forgetting(config, splits, silent).values));
  config.train.epochs = 1;
  EXPECT_THAT([&] { score_forgetting(config, splits, silent); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("two visits")));
}

TEST(Scores, OfATeacherAreItsConfidenceAndTheHerdingOrderOfEachClass) {
  const Splits splits = toy_splits(20);
  const std::shared_ptr<Teacher> teacher = toy_teacher(splits, 60);
  const SampleScores confidence = score_confidence(*teacher, splits);
  const torch::Tensor probs = teacher->answer(splits.train.images(), Content::kProbs, 1);
  for (const std::int64_t k : {0, 5, 79}) {
    const auto label = splits.train.labels()[k].item<std::int64_t>();
    EXPECT_EQ(confidence.values[k].item<float>(), probs[k][label].item<float>());
  }
  const SampleScores herding = score_herding(*teacher, splits);
  for (std::int64_t label = 0; label < 4; ++label) {
    const torch::Tensor ranks = herding.values.masked_select(splits.train.labels().eq(label));
    EXPECT_TRUE(torch::equal(std::get<0>(ranks.sort()), torch::arange(20, torch::kFloat32)));
  }
  DataConfig data;
  data.fraction = 0.1;
  EXPECT_THROW(check_scored(data), std::invalid_argument);
}

class ScoresFile : public testing::Test {
 protected:
  ScoresFile() {
    write_scores(path_, {.score = "confidence",
                         .values = torch::tensor({0.5F, 0.25F}),
                         .samples = {3, 7},
                         .hard = "low",
                         .typical = "median",
                         .dataset = "toy",
                         .dataset_fingerprint = {.high = 1, .low = 2},
                         .notes = {{"teacher", "t"}}});
  }

  void expect_refused(const std::function<void(TensorFile&)>& change, const std::string& word) {
    TensorFile file = read_safetensors(path_);
    change(file);
    const auto changed = folder_.path() / "changed.safetensors";
    write_safetensors(changed, file);
    EXPECT_THAT([&] { read_scores(changed); },
                ThrowsMessage<std::runtime_error>(
                    testing::AllOf(HasSubstr(word), HasSubstr("changed.safetensors"))));
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "scores.safetensors";
};

TEST_F(ScoresFile, IsReadAsItWasWritten) {
  const SampleScores scores = read_scores(path_);
  EXPECT_EQ(scores.score, "confidence");
  EXPECT_TRUE(torch::equal(scores.values, torch::tensor({0.5F, 0.25F})));
  EXPECT_EQ(scores.samples, (std::vector<std::int64_t>{3, 7}));
  EXPECT_EQ(scores.dataset_fingerprint, (Fingerprint{.high = 1, .low = 2}));
  EXPECT_EQ(scores.notes, (std::map<std::string, std::string>{{"teacher", "t"}}));
}

TEST_F(ScoresFile, IsRefusedWhenItIsNotOne) {
  expect_refused([](TensorFile& f) { f.metadata.clear(); }, "lacks 'tandem.format'");
  expect_refused([](TensorFile& f) { f.metadata["tandem.format"] = "2"; }, "'2' is unknown");
  expect_refused([](TensorFile& f) { f.metadata["tandem.hard"] = "top"; }, "'top'");
  expect_refused([](TensorFile& f) { f.metadata["tandem.dataset_fingerprint"] = "12"; }, "'12'");
  expect_refused([](TensorFile& f) { f.tensors.erase("scores"); }, "'scores', Float [n]");
  expect_refused([](TensorFile& f) { f.tensors["samples"] = torch::zeros({3}, torch::kInt64); },
                 "2 scores for 3 samples");
  expect_refused([](TensorFile& f) { f.tensors["scores"].fill_(std::nanf("")); }, "not finite");
}

}  // namespace
}  // namespace tandem
