#include "tandem/target/mapping.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <numeric>

#include "tandem/model/initialise.h"
#include "tandem/target/label_rows.h"
#include "tandem/target/teacher_model.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

std::shared_ptr<ModelTeacher> make_teacher(const Dataset& dataset) {
  auto model =
      std::make_shared<Model>(ModelConfig{.name = "convnet3", .width = 4}, dataset.image_shape(),
                              HeadWidths{.classes = dataset.class_count()});
  initialise(*model, 3);
  return std::make_shared<ModelTeacher>(
      TrainedModel{.model = model, .normalisation = Normalisation::of(dataset)});
}

BatchSource make_batches(const Dataset& dataset, const std::string& policy) {
  return BatchSource(dataset, ViewPolicy::parse(policy), Normalisation::of(dataset),
                     {.size = 16, .order_seed = 5, .view_seed = 6});
}

StoreDescription describe(const Dataset& dataset, const std::string& granularity,
                          const std::string& fusion = "canonical") {
  StoreDescription description;
  description.granularity = Granularity::parse(granularity);
  description.content = Content::kProbs;
  description.fusion = fusion.empty() ? std::nullopt : std::optional(Fusion::parse(fusion));
  description.describe(dataset);
  description.width = dataset.class_count();
  return description;
}

torch::Tensor label_all(Teacher& teacher, const Dataset& dataset,
                        const StoreDescription& description,
                        const std::vector<std::int64_t>& clusters = {}) {
  return label_rows(teacher, dataset, description, ViewsOfRows(description, dataset, clusters), {},
                    {0, description.keys()});
}

TEST(ClassMapping, GivesEachRowItsClassTarget) {
  const Dataset dataset = toy_dataset();
  BatchSource batches = make_batches(dataset, "flip");
  const Batch batch = batches.batch(3);
  const torch::Tensor values = class_mapping(4)->targets(batch).values;
  EXPECT_TRUE(torch::equal(values, torch::one_hot(batch.labels, 4).to(torch::kFloat32)));
}

TEST(StoredMapping, BySampleGivesEachRowTheTargetOfItsSample) {
  const Dataset dataset = toy_dataset();
  const torch::Tensor table = torch::arange(dataset.size(), torch::kFloat32).unsqueeze(1);
  StoredMapping mapping(TargetKeys::per_sample(dataset.size()), std::make_shared<TensorRows>(table),
                        Content::kLogits);
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
    replayed.push_back(batches.policy().draw(key, dataset));
  }
  const torch::Tensor answer =
      teacher->answer(apply_views(dataset, batch.indices, replayed), Content::kLogits, 1);
  EXPECT_TRUE(torch::equal(mapping.targets(batch).values, answer));
}

TEST(OnlineMapping, UnderAWeakerPolicyTheTeacherSeesTheStudentsCropWithoutTheFlip) {
  const Dataset dataset = toy_dataset();
  const auto teacher = make_teacher(dataset);
  OnlineMapping mapping(Content::kLogits, teacher, 1, dataset, ViewPolicy::parse("pad-crop:2"));
  BatchSource batches = make_batches(dataset, "pad-crop:2,flip");
  const Batch batch = batches.batch(0);
  std::vector<View> unflipped = batch.views;
  for (View& view : unflipped) {
    view.flip = false;
  }
  const torch::Tensor answer =
      teacher->answer(apply_views(dataset, batch.indices, unflipped), Content::kLogits, 1);
  EXPECT_TRUE(torch::equal(mapping.targets(batch).values, answer));
}

TEST(MixedMapping, MixesTheTargetsOfBothSamplesOfAViewWhateverTheyAre) {
  const Dataset dataset = toy_dataset();
  const auto teacher = make_teacher(dataset);
  const torch::Tensor rows = torch::randn({dataset.size(), 5});
  BatchSource batches = make_batches(dataset, "pad-crop:2,flip,mixup:1");
  const Batch batch = batches.batch(4);
  ASSERT_TRUE(batch.mixed());
  const auto make = [&](int kind) -> std::unique_ptr<Mapping> {
    switch (kind) {
      case 0:
        return class_mapping(4);
      case 1:
        return class_mapping(4, 0.1);
      case 2:
        return std::make_unique<StoredMapping>(TargetKeys::per_sample(dataset.size()),
                                               std::make_shared<TensorRows>(rows),
                                               Content::kLogits);
      default:  // a teacher that sees each sample's own view, not the mixture
        return std::make_unique<OnlineMapping>(Content::kFeatures, teacher, 1, dataset,
                                               ViewPolicy::parse("pad-crop:2,flip"));
    }
  };
  BatchSource plain = make_batches(dataset, "pad-crop:2,flip");
  for (const int kind : {0, 1, 2, 3}) {
    const torch::Tensor mixed = MixedMapping(make(kind)).targets(batch).values;
    const auto alone = make(kind);
    const torch::Tensor own = alone->targets(plain.batch(4)).values;
    const torch::Tensor other = alone->targets(batch.partners()).values;
    const torch::Tensor share = batch.shares.unsqueeze(1);
    EXPECT_TRUE(torch::allclose(mixed, share * own + (1 - share) * other, 1e-5, 1e-6)) << kind;
  }
}

TEST(MixedMapping, LeavesABatchAloneThatIsNotMixed) {
  BatchSource batches = make_batches(toy_dataset(), "flip");
  const Batch batch = batches.batch(0);
  EXPECT_TRUE(torch::equal(MixedMapping(class_mapping(4)).targets(batch).values,
                           class_mapping(4)->targets(batch).values));
}

TEST(MixedMapping, OfOneHotTargetsIsTheBatchsClassShares) {
  const Dataset dataset = toy_dataset();
  BatchSource batches = make_batches(dataset, "cutmix:1");
  const Batch batch = batches.batch(0);
  const torch::Tensor mixed = MixedMapping(class_mapping(4)).targets(batch).values;
  EXPECT_TRUE(torch::allclose(mixed, batch.class_shares(4)));
}

TEST(OnlineMapping, OfTheSameViewsSeesTheMixture) {
  const Dataset dataset = toy_dataset();
  const auto teacher = make_teacher(dataset);
  BatchSource batches = make_batches(dataset, "flip,mixup:1");
  const Batch batch = batches.batch(0);
  OnlineMapping mapping(Content::kLogits, teacher);
  OnlineMapping same(Content::kLogits, teacher, 1, dataset, ViewPolicy::parse("flip,mixup:1"));
  const torch::Tensor answer = teacher->answer(batch.pixels, Content::kLogits, 1);
  EXPECT_TRUE(torch::equal(mapping.targets(batch).values, answer));
  EXPECT_TRUE(torch::equal(same.targets(batch).values, answer));
}

TEST(Mappings, OfAllGranularitiesAgreeWhereEveryViewIsCanonical) {
  const Dataset dataset = toy_dataset();
  const auto teacher = make_teacher(dataset);
  OnlineMapping view(Content::kProbs, teacher);
  StoredMapping sample(
      TargetKeys::per_sample(dataset.size()),
      std::make_shared<TensorRows>(label_all(*teacher, dataset, describe(dataset, "sample"))),
      Content::kProbs);
  BatchSource batches = make_batches(dataset, "none");
  for (const std::int64_t step : {0, 7, 11}) {
    const Batch batch = batches.batch(step);
    EXPECT_TRUE(torch::equal(view.targets(batch).values, sample.targets(batch).values));
  }
}

TEST(LabelRows, MeanOverViewsIsTheMeanOfTheAnswersToThoseViews) {
  const Dataset dataset = toy_dataset(5);
  const auto teacher = make_teacher(dataset);
  const ViewPolicy policy = ViewPolicy::parse("pad-crop:2,flip");
  StoreDescription description = describe(dataset, "sample", "mean:3");
  description.views = policy.text();
  description.view_seed = 9;
  const torch::Tensor table = label_all(*teacher, dataset, description);

  std::vector<std::int64_t> indices(static_cast<std::size_t>(dataset.size()));
  std::iota(indices.begin(), indices.end(), 0);
  torch::Tensor sum = torch::zeros_like(table);
  for (std::uint32_t m = 0; m < 3; ++m) {
    std::vector<View> views;
    for (const std::int64_t index : indices) {
      views.push_back(
          policy.draw({9, kFusionEpoch + m, static_cast<std::uint32_t>(index)}, dataset));
    }
    sum += teacher->answer(apply_views(dataset, indices, views), Content::kProbs, 1);
  }
  EXPECT_TRUE(torch::allclose(table, sum / 3, 1e-5, 1e-6));
}

TEST(LabelRows, ByClassOrClusterIsTheMeanOverItsSamples) {
  const Dataset dataset = toy_dataset(7);
  const auto teacher = make_teacher(dataset);
  const torch::Tensor samples = label_all(*teacher, dataset, describe(dataset, "sample"));
  const torch::Tensor classes = label_all(*teacher, dataset, describe(dataset, "class"));
  std::vector<std::int64_t> clusters;  // two per class: first and later samples
  for (std::int64_t i = 0; i < dataset.size(); ++i) {
    clusters.push_back(2 * dataset.labels()[i].item<std::int64_t>() + (i < 12 ? 0 : 1));
  }
  const torch::Tensor clustered =
      label_all(*teacher, dataset, describe(dataset, "cluster:2"), clusters);
  const torch::Tensor rows = torch::tensor(clusters, torch::kInt64);
  for (std::int64_t c = 0; c < dataset.class_count(); ++c) {
    const torch::Tensor mean = samples.index({dataset.labels() == c}).mean(0);
    EXPECT_TRUE(torch::allclose(classes[c], mean, 1e-5, 1e-6));
  }
  for (std::int64_t row = 0; row < clustered.size(0); ++row) {
    const torch::Tensor mean = samples.index({rows == row}).mean(0);
    EXPECT_TRUE(torch::allclose(clustered[row], mean, 1e-5, 1e-6)) << row;
  }
}

TEST(LabelRows, OfAViewIsTheAnswerToThatView) {
  const Dataset dataset = toy_dataset(6);
  const auto teacher = make_teacher(dataset);
  StoreDescription description = describe(dataset, "view", "");
  description.epochs = 3;
  description.views = "pad-crop:2,flip";
  description.view_seed = 6;
  StoredMapping stored(TargetKeys::per_view({.samples = dataset.size(), .epochs = 3}),
                       std::make_shared<TensorRows>(label_all(*teacher, dataset, description)),
                       Content::kProbs);
  OnlineMapping online(Content::kProbs, teacher);
  BatchSource batches = make_batches(dataset, "pad-crop:2,flip");
  for (const std::int64_t step : {0, 1, 2, 3}) {
    const Batch batch = batches.batch(step);
    EXPECT_TRUE(torch::equal(stored.targets(batch).values, online.targets(batch).values));
  }
  EXPECT_THROW(stored.targets(batches.batch(10)), std::runtime_error);  // a fourth visit
}

TEST(TargetKeys, ShuffledLeadElsewhereForNearlyAllSamplesAndMissNone) {
  const Dataset dataset = toy_dataset();
  BatchSource batches = make_batches(dataset, "none");
  const TargetKeys keys = TargetKeys::per_sample(dataset.size());
  const TargetKeys shuffled = keys.shuffled(4);
  std::vector<std::int64_t> seen;
  std::int64_t unmoved = 0;
  for (std::int64_t step = 0; step < dataset.size() / 16; ++step) {
    const Batch batch = batches.batch(step);
    const std::vector<std::int64_t> rows = shuffled.rows(batch);
    seen.insert(seen.end(), rows.begin(), rows.end());
    for (std::size_t k = 0; k < rows.size(); ++k) {
      unmoved += rows[k] == batch.indices[k] ? 1 : 0;
    }
  }
  std::sort(seen.begin(), seen.end());
  std::vector<std::int64_t> all(static_cast<std::size_t>(dataset.size()));
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(seen, all);
  EXPECT_LT(unmoved, 10);
}

TEST(ClassTable, SmoothedRowsAreDistributionsWithTheRightMass) {
  const torch::Tensor table = class_targets(10, 0.1);
  EXPECT_TRUE(torch::allclose(table.sum(1), torch::ones(10)));
  EXPECT_NEAR(table[3][3].item<double>(), 0.91, 1e-6);
  EXPECT_NEAR(table[3][4].item<double>(), 0.01, 1e-6);
}

TEST(StoredMapping, RefusesUnequalCountsAndWrongTypes) {
  EXPECT_THROW(StoredMapping(TargetKeys::per_class(3),
                             std::make_shared<TensorRows>(torch::ones({2, 2})), Content::kProbs),
               std::invalid_argument);
  EXPECT_THROW(TensorRows(torch::ones({2, 2}, torch::kFloat64)), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
