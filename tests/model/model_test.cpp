#include "tandem/model/model.h"

#include <gtest/gtest.h>

#include <set>

#include "random_images.h"
#include "tandem/model/initialise.h"
#include "tandem/model/model_text.h"

namespace tandem {
namespace {

constexpr ImageShape kModelShape{.channels = 3, .height = 16, .width = 16};

TEST(Model, CallsItsParametersAsTorchvisionDoes) {
  const Model model({.name = "resnet8", .width = 4}, kModelShape, {.classes = 10, .target = 5});
  std::set<std::string> names;
  for (const auto& parameter : model.named_parameters()) {
    names.insert(parameter.key());
  }
  std::set<std::string> expected{"conv1.weight",    "bn1.weight", "bn1.bias",
                                 "fc.weight",       "fc.bias",    "target_head.weight",
                                 "target_head.bias"};
  for (const std::string stage : {"layer1", "layer2", "layer3"}) {
    std::vector<std::string> layers{"conv1", "bn1", "conv2", "bn2"};
    if (stage != "layer1") {
      layers.insert(layers.end(), {"downsample.0", "downsample.1"});
    }
    for (const std::string& layer : layers) {
      expected.insert(stage + ".0." + layer + ".weight");
      if (layer.starts_with("bn") || layer.ends_with(".1")) {
        expected.insert(stage + ".0." + layer + ".bias");
      }
    }
  }
  EXPECT_EQ(names, expected);
}

TEST(Model, ClassifiesRowByRowWhatItClassifiesAtOnce) {
  const at::NoGradGuard no_grad;
  Model model({.name = "convnet3", .width = 16}, kModelShape, {.classes = 100});
  initialise(model, 3);
  const torch::Tensor features = random_images(9, {1, 1, model.feature_width()}, 5).flatten(1);
  const torch::Tensor rows = model.classify_rows(features);
  EXPECT_TRUE(torch::allclose(rows, model.classify(features), 1e-5, 1e-5));
  // A row says the same wherever it stands.
  const torch::Tensor order = torch::tensor({8, 0, 3, 3}, torch::kInt64);
  EXPECT_TRUE(torch::equal(model.classify_rows(features.index_select(0, order)),
                           rows.index_select(0, order)));
}

TEST(Model, NamesTheBuffersOfItsBackbone) {
  const Model model({.name = "resnet8", .width = 4}, kModelShape, {.classes = 10});
  const auto buffers = model.named_buffers();
  EXPECT_EQ(buffers.size(), 9 * 3);
  ASSERT_TRUE(buffers.contains("layer2.0.downsample.1.num_batches_tracked"));
  EXPECT_EQ(buffers["layer2.0.downsample.1.num_batches_tracked"].scalar_type(), torch::kInt64);
}

TEST(Model, SwitchesItsBackboneBetweenTrainingAndEvaluation) {
  const at::NoGradGuard no_grad;
  Model model({.name = "resnet8", .width = 4}, kModelShape, {.classes = 10});
  initialise(model, 1);
  const torch::Tensor images = random_images(4, kModelShape, 5);
  const torch::Tensor running_mean = model.named_buffers()["bn1.running_mean"];

  model.eval();
  const torch::Tensor evaluated = model.forward(images);
  EXPECT_EQ(running_mean.abs().max().item<float>(), 0);
  // In evaluation an image's logits do not depend on the rest of its batch.
  EXPECT_TRUE(torch::allclose(model.forward(images.slice(0, 0, 1)), evaluated.slice(0, 0, 1)));

  model.train();
  EXPECT_FALSE(torch::allclose(model.forward(images), evaluated, 1e-3, 1e-3));
  EXPECT_GT(running_mean.abs().max().item<float>(), 0);
}

TEST(Model, MovesItsBackboneToAnotherDtype) {
  Model model({.name = "resnet8", .width = 4}, kModelShape, {.classes = 10});
  model.to(torch::kFloat64);
  EXPECT_EQ(model.forward(random_images(2, kModelShape, 5).to(torch::kFloat64)).scalar_type(),
            torch::kFloat64);
}

TEST(Model, ClearsTheGradientsOfItsBackbone) {
  Model model({.name = "resnet8", .width = 4}, kModelShape, {.classes = 10});
  model.forward(random_images(2, kModelShape, 5)).square().sum().backward();
  const torch::Tensor first = model.named_parameters()["conv1.weight"];
  ASSERT_GT(first.grad().abs().max().item<float>(), 0);
  model.zero_grad();
  EXPECT_TRUE(!first.grad().defined() || first.grad().abs().max().item<float>() == 0);
}

TEST(Model, HasATargetHeadOnlyWhereOneIsAskedFor) {
  Model without({.name = "mlp", .width = 4}, kModelShape, {.classes = 10});
  Model with({.name = "mlp", .width = 4}, kModelShape, {.classes = 10, .target = 6});
  EXPECT_THROW(without.predict_target(torch::zeros({1, 4})), std::invalid_argument);
  EXPECT_EQ(with.predict_target(torch::zeros({1, 4})).size(1), 6);
  EXPECT_EQ(parameter_count(with), parameter_count(without) + (4 + 1) * 6);
}

TEST(Model, RefusesHeadsWithoutOutputs) {
  EXPECT_THROW(Model({.name = "mlp"}, kModelShape, {.classes = 0}), std::invalid_argument);
  EXPECT_THROW(Model({.name = "mlp"}, kModelShape, {.classes = 10, .target = -1}),
               std::invalid_argument);
}

TEST(Model, CountsTrainableScalarsOnly) {
  Model model({.name = "mlp", .width = 4}, kModelShape, {.classes = 10});
  EXPECT_EQ(parameter_count(model), (3 * 16 * 16 + 1) * 4 + (4 + 1) * 4 + (4 + 1) * 10);
  model.named_parameters()["hidden2.weight"].set_requires_grad(false);
  EXPECT_EQ(parameter_count(model), (3 * 16 * 16 + 1) * 4 + 4 + (4 + 1) * 10);
}

}  // namespace
}  // namespace tandem
