// Forgetting: events counted as they are defined, and what a training says of wrong labels.

#include "tandem/score/forgetting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

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
  config.train.batch = 64;  // not a divisor of 160
  config.train.epochs = 2;
  EXPECT_NO_THROW(score_forgetting(config, splits, silent));
  config.train.epochs = 1;
  EXPECT_THAT([&] { score_forgetting(config, splits, silent); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("two visits")));
}

}  // namespace
}  // namespace tandem
