#include "tandem/model/backbone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/functional/loss.h>

#include <algorithm>
#include <map>

#include "architectures.h"
#include "random_images.h"
#include "tandem/model/initialise.h"
#include "tandem/model/model.h"
#include "tandem/model/model_text.h"
#include "tandem/model/weights.h"

namespace tandem {
namespace {

namespace F = torch::nn::functional;

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr ImageShape kGrey28{.channels = 1, .height = 28, .width = 28};
constexpr ImageShape kColour32{.channels = 3, .height = 32, .width = 32};

Model make_model(const ModelConfig& config, const ImageShape& shape = kColour32,
                 std::int64_t target_width = 0) {
  Model model(config, shape, {.classes = 10, .target = target_width});
  initialise(model, 1);
  return model;
}

class EveryModel : public testing::TestWithParam<ModelConfig> {};

std::vector<ModelConfig> every_model() {
  std::vector<ModelConfig> configs;
  for (const std::string& name : model_names()) {
    configs.push_back({.name = name});
  }
  configs.push_back({.name = "convnet3", .norm = "instance"});
  configs.push_back({.name = "convnet3", .norm = "none"});
  configs.push_back({.name = "resnet18", .width = 8, .stem = "imagenet"});
  configs.push_back({.name = "resnet50", .width = 8, .stem = "imagenet"});
  configs.push_back({.name = "resnet-basic-2-1", .width = 8});
  return configs;
}

std::string label_of(const testing::TestParamInfo<ModelConfig>& info) {
  std::string label = info.param.name + "_" + info.param.norm + "_" + info.param.stem;
  std::replace(label.begin(), label.end(), '-', '_');
  return label;
}

INSTANTIATE_TEST_SUITE_P(Backbone, EveryModel, testing::ValuesIn(every_model()), label_of);

TEST_P(EveryModel, MapsImagesToFiniteFeaturesAndPredictions) {
  for (const ImageShape& shape : {kGrey28, kColour32}) {
    Model model = make_model(GetParam(), shape, 7);
    for (const bool training : {true, false}) {
      model.train(training);
      const torch::Tensor features = model.features(random_images(3, shape, 5));
      EXPECT_EQ(features.sizes(), torch::IntArrayRef({3, model.feature_width()}));
      EXPECT_EQ(model.classify(features).sizes(), torch::IntArrayRef({3, 10}));
      EXPECT_EQ(model.predict_target(features).sizes(), torch::IntArrayRef({3, 7}));
      EXPECT_TRUE(model.classify(features).isfinite().all().item<bool>());
      EXPECT_GT(features.std(0).max().item<float>(), 0) << "features ignore the image";
    }
  }
}

TEST_P(EveryModel, SendsAGradientToEveryParameter) {
  Model model = make_model(GetParam(), kColour32, 7);
  const torch::Tensor features = model.features(random_images(4, kColour32, 5));
  const torch::Tensor labels = torch::tensor({0, 3, 3, 9}, torch::kInt64);
  (F::cross_entropy(model.classify(features), labels) + model.predict_target(features).square())
      .sum()
      .backward();
  for (const auto& parameter : model.named_parameters()) {
    ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
    EXPECT_GT(parameter.value().grad().abs().max().item<float>(), 0) << parameter.key();
  }
}

TEST_P(EveryModel, DoesNotDependOnTheMemoryFormat) {
  const at::NoGradGuard no_grad;
  Model model = make_model(GetParam());
  model.eval();
  const torch::Tensor images = random_images(2, kColour32, 5);
  const torch::Tensor plain = model.forward(images);
  for (const torch::Tensor& parameter : model.parameters()) {
    if (parameter.dim() == 4) {
      parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
    }
  }
  const torch::Tensor channels_last =
      model.forward(images.contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(torch::allclose(plain, channels_last, 1e-4, 1e-5));
}

TEST_P(EveryModel, HasTheTensorsThatWereToldBeforeItWasBuilt) {
  for (const ImageShape& shape : {kGrey28, kColour32}) {
    TensorForms built;
    for (const auto& [name, tensor] : state_of(Model(GetParam(), shape, {.classes = 10}))) {
      built[name] = {tensor.scalar_type(), tensor.sizes().vec()};
    }
    EXPECT_EQ(known_tensors(GetParam(), shape, 10), built);
  }
}

TEST(Backbone, ListsTheKnownNamesForAnUnknownOne) {
  EXPECT_THAT([] { make_backbone({.name = "resnet19"}, kColour32); },
              ThrowsMessage<std::invalid_argument>(testing::AllOf(
                  HasSubstr("'resnet19'"), HasSubstr("convnet3, mlp, resnet14, resnet18, resnet20, "
                                                     "resnet34, resnet50, resnet8"))));
}

TEST(Backbone, HasTheParametersThatTheLiteratureCounts) {
  const auto count = [](const ModelConfig& config) {
    return parameter_count(Model(config, kColour32, {.classes = 10}));
  };
  // He et al., table 6: 0.27M. That is 269,722 with parameter-free shortcuts; the two projections
  // with their norms add 16*32 + 2*32 + 32*64 + 2*64.
  EXPECT_EQ(count({.name = "resnet20"}), 269'722 + 2'752);
  EXPECT_EQ(count({.name = "resnet18"}), 11'173'962);
  // torchvision's 11,689,512 with a classifier of 10 classes in place of 1000.
  EXPECT_EQ(count({.name = "resnet18", .stem = "imagenet"}), 11'689'512 - 513 * 990);
  EXPECT_EQ(count({.name = "resnet34", .stem = "imagenet"}), 21'797'672 - 513 * 990);
  EXPECT_EQ(count({.name = "resnet50", .stem = "imagenet"}), 25'557'032 - 2'049 * 990);
  EXPECT_EQ(count({.name = "resnet-bottleneck-3-4-23-3", .stem = "imagenet"}),
            44'549'160 - 2'049 * 990);  // its ResNet-101
  // The figure of the dataset-distillation literature for its ConvNet-3 on CIFAR-10, less the
  // biases of its convolutions, which a norm makes void.
  EXPECT_EQ(count({.name = "convnet3", .norm = "instance"}), 320'010 - 3 * 128);
}

TEST(Backbone, BuildsTheSameResNetByItsBlocksAsByItsName) {
  const auto parameters = [](const std::string& name) {
    std::map<std::string, std::vector<std::int64_t>> shapes;
    for (const auto& parameter : make_backbone({.name = name}, kColour32)->named_parameters()) {
      shapes[parameter.key()] = parameter.value().sizes().vec();
    }
    return shapes;
  };
  EXPECT_EQ(parameters("resnet-basic-3-4-6-3"), parameters("resnet34"));
  EXPECT_EQ(parameters("resnet-bottleneck-3-4-6-3"), parameters("resnet50"));
}

TEST(Backbone, RefusesResNetsWhoseBlocksAreNotNumbers) {
  for (const char* name :
       {"resnet-basic-", "resnet-basic-2-", "resnet-basic-2--2", "resnet-basic-0",
        "resnet-bottleneck-2x2", "resnet-basic-1-1-1-1-1-1-1-1-1", "resnet-basic-9999",
        "resnet-basic--1"}) {
    EXPECT_THAT([&] { make_backbone({.name = name}, kColour32); },
                ThrowsMessage<std::invalid_argument>(HasSubstr("as in resnet-basic-2-2-2-2")))
        << name;
  }
}

TEST(Backbone, DoublesTheWidthFromStageToStage) {
  EXPECT_EQ(make_backbone({.name = "resnet8", .width = 12}, kColour32)->feature_width(), 48);
  EXPECT_EQ(make_backbone({.name = "resnet18", .width = 6}, kColour32)->feature_width(), 48);
  EXPECT_EQ(make_backbone({.name = "resnet50", .width = 6}, kColour32)->feature_width(), 192);
  EXPECT_EQ(make_backbone({.name = "mlp", .width = 48}, kColour32)->feature_width(), 48);
  EXPECT_EQ(make_backbone({.name = "convnet3", .width = 2}, kGrey28)->feature_width(), 2 * 3 * 3);
}

TEST(Backbone, RefusesImagesThatAreTooSmall) {
  const auto smallest_side = [](const ModelConfig& config) {
    std::int64_t side = 0;
    for (bool works = false; !works;) {
      ++side;
      try {
        const auto backbone =
            make_backbone(config, {.channels = 1, .height = side, .width = side + 1});
        backbone->forward(torch::zeros({2, 1, side, side + 1}));
        works = true;
      } catch (const std::invalid_argument& error) {
        EXPECT_THAT(error.what(), HasSubstr("images must be at least"));
      }
    }
    return side;
  };
  EXPECT_EQ(smallest_side({.name = "mlp", .width = 2}), 1);
  EXPECT_EQ(smallest_side({.name = "convnet3", .width = 2}), 8);
  EXPECT_EQ(smallest_side({.name = "resnet8", .width = 2}), 3);
  EXPECT_EQ(smallest_side({.name = "resnet18", .width = 2}), 5);
  EXPECT_EQ(smallest_side({.name = "resnet18", .width = 2, .stem = "imagenet"}), 17);
}

TEST(Backbone, RefusesSettingsThatItCannotHonour) {
  const auto refusal = [](const ModelConfig& config) -> std::string {
    try {
      make_backbone(config, kColour32);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "nothing was refused";
  };
  EXPECT_THAT(refusal({.name = "mlp", .width = -1}), HasSubstr("width must be 1..4096"));
  EXPECT_THAT(refusal({.name = "mlp", .width = 5000}), HasSubstr("got 5000"));
  EXPECT_THAT(refusal({.name = "convnet3", .norm = "layer"}), HasSubstr("batch, instance, none"));
  EXPECT_THAT(refusal({.name = "resnet20", .norm = "none"}), HasSubstr("no choice of norm"));
  EXPECT_THAT(refusal({.name = "resnet18", .stem = "large"}), HasSubstr("cifar, imagenet"));
  EXPECT_THAT(refusal({.name = "convnet3", .stem = "imagenet"}), HasSubstr("no choice of stem"));
  EXPECT_THROW(make_backbone({}, {.channels = 0, .height = 32, .width = 32}),
               std::invalid_argument);
}

TEST(ModelConfig, ComesBackFromItsOwnText) {
  const ModelConfig config{.name = "resnet18", .width = 32, .norm = "batch", .stem = "imagenet"};
  ModelConfig read;
  ConfigTable::from_text(config_text(config)).read_into(read);
  EXPECT_EQ(config_text(read), config_text(config));
  EXPECT_EQ(read.name, "resnet18");
  EXPECT_EQ(read.width, 32);
  EXPECT_EQ(read.stem, "imagenet");
}

}  // namespace
}  // namespace tandem
