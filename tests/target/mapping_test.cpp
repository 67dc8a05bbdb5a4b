#include "tandem/target/mapping.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <numeric>

#include "tandem/model/initialise.h"
#include "tandem/target/label.h"
#include "tandem/target/teacher_model.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

std::shared_ptr<ModelTeacher> make_teacher(const Dataset& dataset) {
  auto model = std::make_shared<Model>(ModelConfig{.name = "convnet3", .width = 4},
                                       dataset.image_shape(), dataset.class_count(), 0);
  initialise(*model, 3);
  return std::make_shared<ModelTeacher>(
      TrainedModel{.model = model, .normalisation = Normalisation::of(dataset)});
}

BatchSource make_batches(const Dataset& dataset, const std::string& policy) {
  return BatchSource(dataset, ViewPolicy::parse(policy), Normalisation::of(dataset), 16, 5, 6);
}

TEST(TableMapping, ByClassGivesEachRowItsClassTarget) {
  const Dataset dataset = toy_dataset();
  TableMapping mapping(Granularity::kClass, Content::kOneHot, class_table(4, 0));
  BatchSource batches = make_batches(dataset, "flip");
  const Batch batch = batches.batch(3);
  const torch::Tensor values = mapping.targets(batch).values;
  EXPECT_TRUE(torch::equal(values, torch::one_hot(batch.labels, 4).to(torch::kFloat32)));
}

TEST(TableMapping, BySampleGivesEachRowTheTargetOfItsSample) {
  const Dataset dataset = toy_dataset();
  const torch::Tensor table = torch::arange(dataset.size(), torch::kFloat32).unsqueeze(1);
  TableMapping mapping(Granularity::kSample, Content::kLogits, table);
  BatchSource batches = make_batches(dataset, "none");
  const Batch batch = batches.batch(2);
  const torch::Tensor values = mapping.targets(batch).values;
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    EXPECT_EQ(values[row][0].item<float>(), static_cast<float>(batch.indices[row]));
  }
}

TEST(OnlineMapping, AnswersThePixelsThatTheStudentSees) {
  const Dataset dataset = toy_dataset();
  const auto teacher = make_teacher(dataset);
  OnlineMapping mapping(Content::kLogits, teacher);
  BatchSource batches = make_batches(dataset, "pad-crop:2,flip");
  const Batch batch = batches.batch(0);
  // The view replayed from its key alone gets the same answer, bit for bit.
  std::vector<View> replayed;
  for (const ViewKey& key : batch.view_keys) {
    replayed.push_back(batches.policy().draw(key, dataset.image_shape()));
  }
  const torch::Tensor answer =
      teacher->answer(apply_views(dataset, batch.indices, replayed), Content::kLogits, 1);
  EXPECT_TRUE(torch::equal(mapping.targets(batch).values, answer));
}

TEST(Mappings, OfAllGranularitiesAgreeWhereEveryViewIsCanonical) {
  const Dataset dataset = toy_dataset();
  const auto teacher = make_teacher(dataset);
  OnlineMapping view(Content::kProbs, teacher, 2);
  const TargetTable table =
      label_dataset(*teacher, dataset, ViewPolicy(),
                    {.granularity = "sample", .content = "probs", .temperature = 2}, 0);
  TableMapping sample(Granularity::kSample, Content::kProbs, table.values, 2);
  BatchSource batches = make_batches(dataset, "none");
  for (const std::int64_t step : {0, 7, 11}) {
    const Batch batch = batches.batch(step);
    EXPECT_TRUE(torch::equal(view.targets(batch).values, sample.targets(batch).values));
  }
}

TEST(LabelDataset, MeanOverViewsIsTheMeanOfTheAnswersToThoseViews) {
  const Dataset dataset = toy_dataset(5);
  const auto teacher = make_teacher(dataset);
  const ViewPolicy policy = ViewPolicy::parse("pad-crop:2,flip");
  const TargetConfig config{.granularity = "sample", .content = "probs", .fusion = "mean:3"};
  const torch::Tensor table = label_dataset(*teacher, dataset, policy, config, 9).values;

  std::vector<std::int64_t> indices(static_cast<std::size_t>(dataset.size()));
  std::iota(indices.begin(), indices.end(), 0);
  torch::Tensor sum = torch::zeros_like(table);
  for (std::uint32_t m = 0; m < 3; ++m) {
    std::vector<View> views;
    for (const std::int64_t index : indices) {
      views.push_back(policy.draw({9, kFusionEpoch + m, static_cast<std::uint32_t>(index)},
                                  dataset.image_shape()));
    }
    sum += teacher->answer(apply_views(dataset, indices, views), Content::kProbs, 1);
  }
  EXPECT_TRUE(torch::allclose(table, sum / 3, 1e-5, 1e-6));
}

TEST(LabelDataset, ByClassIsTheMeanOverTheSamplesOfTheClass) {
  const Dataset dataset = toy_dataset(7);
  const auto teacher = make_teacher(dataset);
  const TargetConfig by_sample{.granularity = "sample", .content = "probs"};
  const TargetConfig by_class{.granularity = "class", .content = "probs"};
  const torch::Tensor samples = label_dataset(*teacher, dataset, {}, by_sample, 0).values;
  const torch::Tensor classes = label_dataset(*teacher, dataset, {}, by_class, 0).values;
  for (std::int64_t c = 0; c < dataset.class_count(); ++c) {
    const torch::Tensor mean = samples.index({dataset.labels() == c}).mean(0);
    EXPECT_TRUE(torch::allclose(classes[c], mean, 1e-5, 1e-6));
  }
}

TEST(ShuffleRows, KeepsTheRowsAndMovesNearlyAllOfThem) {
  const torch::Tensor table = torch::arange(100, torch::kFloat32).unsqueeze(1);
  const torch::Tensor shuffled = shuffle_rows(table, 4);
  EXPECT_TRUE(torch::equal(std::get<0>(shuffled.sort(0)), table));
  EXPECT_LT(shuffled.eq(table).sum().item<std::int64_t>(), 10);
}

TEST(ClassTable, SmoothedRowsAreDistributionsWithTheRightMass) {
  const torch::Tensor table = class_table(10, 0.1);
  EXPECT_TRUE(torch::allclose(table.sum(1), torch::ones(10)));
  EXPECT_NEAR(table[3][3].item<double>(), 0.91, 1e-6);
  EXPECT_NEAR(table[3][4].item<double>(), 0.01, 1e-6);
}

TEST(TableMapping, RefusesViewsAndWrongTypes) {
  EXPECT_THROW(TableMapping(Granularity::kView, Content::kProbs, torch::ones({2, 2})),
               std::invalid_argument);
  EXPECT_THROW(
      TableMapping(Granularity::kClass, Content::kProbs, torch::ones({2, 2}, torch::kFloat64)),
      std::invalid_argument);
}

}  // namespace
}  // namespace tandem
