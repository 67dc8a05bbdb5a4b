#include "tandem/model/initialise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include <cmath>

#include "random_images.h"
#include "tandem/model/model.h"
#include "tandem/model/weights.h"

namespace tandem {
namespace {

constexpr ImageShape kShape{.channels = 3, .height = 16, .width = 16};

std::map<std::string, torch::Tensor> initial_state(const ModelConfig& config, std::uint64_t seed,
                                                   std::int64_t target_width = 0) {
  Model model(config, kShape, {.classes = 10, .target = target_width});
  initialise(model, seed);
  return state_of(model);
}

TEST(Initialise, GivesTheSameWeightsForTheSameSeed) {
  const auto first = initial_state({.name = "resnet8"}, 3);
  const auto second = initial_state({.name = "resnet8"}, 3);
  ASSERT_EQ(first.size(), second.size());
  for (const auto& [name, tensor] : first) {
    EXPECT_TRUE(torch::equal(tensor, second.at(name))) << name;
  }
}

TEST(Initialise, GivesOtherWeightsForAnotherSeed) {
  const auto first = initial_state({.name = "resnet8"}, 3);
  for (const std::uint64_t seed : {std::uint64_t{4}, std::uint64_t{3} + (std::uint64_t{1} << 32)}) {
    const auto second = initial_state({.name = "resnet8"}, seed);
    for (const char* name : {"conv1.weight", "layer3.0.conv2.weight", "fc.weight", "fc.bias"}) {
      EXPECT_FALSE(torch::allclose(first.at(name), second.at(name))) << name;
    }
  }
}

TEST(Initialise, LeavesAllElseAloneWhenTheTargetHeadIsWider) {
  const auto without = initial_state({.name = "convnet3", .width = 8}, 3);
  for (const std::int64_t target_width : {10, 500}) {
    const auto with = initial_state({.name = "convnet3", .width = 8}, 3, target_width);
    for (const auto& [name, tensor] : without) {
      EXPECT_TRUE(torch::equal(tensor, with.at(name))) << name;
    }
  }
}

TEST(Initialise, FollowsTheDocumentedStream) {
  const auto state = initial_state({.name = "mlp", .width = 4}, 7);
  RandomStream random({.seed = 7,
                       .stream = Stream::kInit,
                       .index = static_cast<std::uint32_t>(fingerprint_of("fc.weight").low)});
  const torch::Tensor first = state.at("fc.weight").flatten();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(first[i].item<float>(), static_cast<float>(0.5 * (2 * random.uniform() - 1)));
  }
}

TEST(Initialise, DrawsConvolutionsWithTwoOverFanOut) {
  // Unequal fans, so that fan-in would show.
  const torch::Tensor weight =
      initial_state({.name = "resnet18"}, 3).at("layer2.0.conv1.weight").to(torch::kFloat64);
  ASSERT_EQ(weight.sizes(), torch::IntArrayRef({128, 64, 3, 3}));
  const double n = static_cast<double>(weight.numel());
  const double variance = 2.0 / (128 * 3 * 3);
  // Five standard errors of the mean and of the variance of n normal numbers.
  EXPECT_NEAR(weight.mean().item<double>(), 0, 5 * std::sqrt(variance / n));
  EXPECT_NEAR(weight.var().item<double>(), variance, 5 * variance * std::sqrt(2 / n));
  // 68.27 % within one standard deviation: normal, and not uniform (57.7 %).
  const double inside =
      (weight.abs() < std::sqrt(variance)).to(torch::kFloat64).mean().item<double>();
  EXPECT_NEAR(inside, 0.6827, 0.01);
}

TEST(Initialise, DrawsLinearLayersWithinOneOverTheRootOfFanIn) {
  const auto state = initial_state({.name = "mlp", .width = 64}, 3);
  const double bound = 1.0 / std::sqrt(3 * 16 * 16);
  for (const char* name : {"hidden1.weight", "hidden1.bias"}) {
    EXPECT_LE(state.at(name).abs().max().item<double>(), bound) << name;
    EXPECT_GT(state.at(name).max().item<double>(), 0.9 * bound) << name;
    EXPECT_LT(state.at(name).min().item<double>(), -0.9 * bound) << name;
  }
  const torch::Tensor weight = state.at("hidden1.weight");
  EXPECT_NEAR(weight.var().item<double>(), bound * bound / 3, 0.02 * bound * bound / 3);
}

TEST(Initialise, RefreshesTheStatisticsOfATrainedModel) {
  Model model({.name = "resnet8", .width = 4}, kShape, {.classes = 10});
  initialise(model, 3);
  const torch::Tensor images = random_images(4, kShape, 5);
  model.forward(images).square().sum().backward();
  const auto state = state_of(model);
  EXPECT_EQ(state.at("bn1.num_batches_tracked").item<std::int64_t>(), 1);
  state.at("bn1.weight").fill_(5);
  initialise(model, 3);
  for (const auto& [name, tensor] : initial_state({.name = "resnet8", .width = 4}, 3)) {
    EXPECT_TRUE(torch::equal(tensor, state.at(name))) << name;
  }
}

TEST(Initialise, SetsTheBiasOfAConvolutionToZero) {
  const auto state = initial_state({.name = "convnet3", .width = 4, .norm = "none"}, 3);
  EXPECT_EQ(state.at("conv2.bias").abs().max().item<float>(), 0);
}

TEST(Initialise, RefusesALayerWithoutARule) {
  torch::nn::Sequential module(torch::nn::Linear(2, 2), torch::nn::Conv1d(2, 2, 1));
  EXPECT_THAT([&] { initialise(*module, 1); },
              testing::ThrowsMessage<std::invalid_argument>(testing::HasSubstr("'1.'")));
}

}  // namespace
}  // namespace tandem
