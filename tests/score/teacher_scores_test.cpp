// What a teacher says of samples.

#include "tandem/score/teacher_scores.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <memory>
#include <stdexcept>

#include "toy_trial.h"

namespace tandem {
namespace {

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

}  // namespace
}  // namespace tandem
