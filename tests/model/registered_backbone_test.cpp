// A backbone that is not Tandem's: registered, drawn, trained, saved and loaded by its name.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cmath>

#include "random_images.h"
#include "tandem/model/backbone.h"
#include "tandem/model/initialise.h"
#include "tandem/model/model_text.h"
#include "tandem/model/weights.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr ImageShape kToyShape{.channels = 3, .height = 8, .width = 8};

/// Patches of 4x4 pixels, each a vector that is normalised, mixed with its neighbours and moved by
/// one token that all share. `token` stands on the backbone itself, and for `mix` there is no rule.
class ToyPatches : public Backbone {
 public:
  ToyPatches(const ModelConfig& config, const ImageShape& shape)
      : width_(config.width),
        embed_(register_module(
            "embed", torch::nn::Conv2d(
                         torch::nn::Conv2dOptions(shape.channels, config.width, 4).stride(4)))),
        norm_(register_module("norm",
                              torch::nn::LayerNorm(torch::nn::LayerNormOptions({config.width})))),
        mix_(register_module("mix", torch::nn::Conv1d(config.width, config.width, 3))),
        token_(register_parameter("token", torch::zeros({1, config.width, 1}))),
        visits_(register_buffer("visits", torch::zeros({}, torch::kInt64))) {}

  torch::Tensor forward(const torch::Tensor& images) override {
    if (is_training()) {
      visits_ += images.size(0);
    }
    const torch::Tensor patches = embed_(images).flatten(2).transpose(1, 2);
    return mix_(norm_(patches).transpose(1, 2) + token_).relu().mean(2);
  }

  std::int64_t feature_width() const override { return width_; }

  bool initialise_layer(torch::nn::Module& layer, const std::string& prefix,
                        std::uint64_t seed) override {
    if (&layer == this) {
      draw_normal(token_, 0.02, seed, prefix + "token");
      visits_.zero_();
      return true;
    }
    if (auto* mix = layer.as<torch::nn::Conv1dImpl>()) {
      draw_uniform(mix->weight, 0.25, seed, prefix + "weight");
      mix->bias.zero_();
      return true;
    }
    return false;
  }

 private:
  std::int64_t width_;
  torch::nn::Conv2d embed_;
  torch::nn::LayerNorm norm_;
  torch::nn::Conv1d mix_;
  torch::Tensor token_;
  torch::Tensor visits_;
};

template <typename Kind>
std::shared_ptr<Backbone> make(const ModelConfig& config, const ImageShape& shape) {
  return std::make_shared<Kind>(config, shape);
}

/// A layer that has no rule, and no hook either.
class ToyUnruly : public Backbone {
 public:
  ToyUnruly(const ModelConfig&, const ImageShape&) {
    register_module("stage", torch::nn::Conv1d(1, 1, 1));
  }
  torch::Tensor forward(const torch::Tensor& images) override { return images.mean({1, 2}); }
  std::int64_t feature_width() const override { return 8; }
};

class ToyWithAHead : public ToyUnruly {
 public:
  ToyWithAHead(const ModelConfig& config, const ImageShape& shape) : ToyUnruly(config, shape) {
    register_module("fc", torch::nn::Linear(1, 1));
  }
};

class RegisteredBackbone : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    register_backbone("toy-patches",
                      {.make = make<ToyPatches>, .default_width = 6, .norms = {"batch", "layer"}});
    register_backbone("toy-unruly", {.make = make<ToyUnruly>, .default_width = 1});
    register_backbone("toy-with-a-head", {.make = make<ToyWithAHead>, .default_width = 1});
    register_backbone("toy-nothing", {.make = [](const auto&, const auto&) { return nullptr; },
                                      .default_width = 1});
  }

  Model toy(std::uint64_t seed = 3, std::int64_t target_width = 0) {
    Model model({.name = "toy-patches"}, kToyShape, {.classes = 10, .target = target_width});
    initialise(model, seed);
    return model;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "toy.safetensors";
};

TEST_F(RegisteredBackbone, IsNamedInConfigsWithItsDefaultsAndChoices) {
  EXPECT_THAT(model_names(), AllOf(Contains("toy-patches"), Contains("resnet18")));
  ModelConfig config;
  ConfigTable::from_text("name = 'toy-patches'").read_into(config);
  EXPECT_EQ(make_backbone(config, kToyShape)->feature_width(), 6);
  ConfigTable::from_text("name = 'toy-patches'\nwidth = 9\nnorm = 'layer'").read_into(config);
  EXPECT_EQ(make_backbone(config, kToyShape)->feature_width(), 9);
  EXPECT_THAT([] { make_backbone({.name = "toy-patches", .norm = "none"}, kToyShape); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("norm must be one of batch, layer")));
  EXPECT_THAT([] { make_backbone({.name = "toy-patches", .stem = "imagenet"}, kToyShape); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("no choice of stem")));
}

TEST_F(RegisteredBackbone, MustHaveANameOfItsOwnAndBeMade) {
  const BackboneKind good{.make = make<ToyPatches>, .default_width = 6};
  for (const char* taken :
       {"toy-patches", "mlp", "resnet18", "resnet-basic-1-2", "resnet-basic-x", ""}) {
    EXPECT_THROW(register_backbone(taken, good), std::invalid_argument) << taken;
  }
  EXPECT_THROW(register_backbone("toy-b", {.default_width = 6}), std::invalid_argument);
  EXPECT_THROW(register_backbone("toy-b", {.make = good.make}), std::invalid_argument);
  EXPECT_THAT([] { make_backbone({.name = "toy-nothing"}, kToyShape); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("made nothing")));
  EXPECT_THAT([] { Model({.name = "toy-with-a-head"}, kToyShape, {.classes = 10}); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("'fc'")));
}

TEST_F(RegisteredBackbone, DrawsItsLayersAsItSaysAndTheRestByTheRules) {
  const auto state = state_of(toy());
  torch::Tensor token = torch::empty({1, 6, 1}), mix = torch::empty({6, 6, 3});
  draw_normal(token, 0.02, 3, "token");
  draw_uniform(mix, 0.25, 3, "mix.weight");
  EXPECT_TRUE(torch::equal(state.at("token"), token));
  EXPECT_TRUE(torch::equal(state.at("mix.weight"), mix));
  EXPECT_LE(mix.abs().max().item<double>(), 0.25);
  EXPECT_GT(token.abs().max().item<double>(), 0.001);
  EXPECT_TRUE(torch::equal(state.at("norm.weight"), torch::ones({6})));
  EXPECT_EQ(state.at("embed.bias").abs().max().item<float>(), 0);
  for (const auto& [name, tensor] : state_of(toy(4))) {
    const bool drawn = name == "token" || (name.ends_with("weight") && name != "norm.weight");
    EXPECT_EQ(torch::equal(tensor, state.at(name)), !drawn && name != "fc.bias") << name;
  }
}

TEST_F(RegisteredBackbone, WithALayerThatNobodyDrawsIsRefused) {
  Model model({.name = "toy-unruly"}, kToyShape, {.classes = 10});
  EXPECT_THAT([&] { initialise(model, 1); },
              ThrowsMessage<std::invalid_argument>(
                  AllOf(HasSubstr("'stage.'"), HasSubstr("initialise_layer"))));
}

TEST_F(RegisteredBackbone, LearnsInEveryParameterAndKnowsWhetherItIsTrained) {
  Model model = toy(3, 5);
  EXPECT_EQ(parameter_count(model),
            (3 * 16 + 1) * 6 + 2 * 6 + (6 * 3 + 1) * 6 + 6 + 7 * 10 + 7 * 5);
  const torch::Tensor images = random_images(16, kToyShape, 5);
  const auto loss = [&] {
    const torch::Tensor features = model.features(images);
    return (model.classify(features) - 1).square().mean() +
           (model.predict_target(features) - 1).square().mean();
  };
  const torch::Tensor before = loss();
  before.backward();
  {
    const at::NoGradGuard no_grad;
    for (const auto& parameter : model.named_parameters()) {
      ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
      EXPECT_GT(parameter.value().grad().abs().max().item<float>(), 0) << parameter.key();
      parameter.value().sub_(0.05 * parameter.value().grad());
    }
  }
  model.eval();
  EXPECT_LT(loss().item<float>(), before.item<float>());
  EXPECT_EQ(state_of(model).at("visits").item<std::int64_t>(), 16);  // not those of evaluation
  model.to(torch::kFloat64);
  EXPECT_EQ(model.forward(images.to(torch::kFloat64)).scalar_type(), torch::kFloat64);
}

TEST_F(RegisteredBackbone, ComesBackFromItsCheckpoint) {
  Model model = toy();
  model.forward(random_images(4, kToyShape, 5));
  save_model(path_, model, {.mean = {0, 0, 0}, .stddev = {1, 1, 1}});
  const TrainedModel loaded = load_model(path_);
  const auto expected = state_of(model);
  const auto found = state_of(*loaded.model);
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    EXPECT_TRUE(torch::equal(found.at(name), tensor)) << name;
  }
  model.eval();
  const torch::Tensor images = random_images(2, kToyShape, 6);
  EXPECT_TRUE(torch::equal(loaded.model->forward(images), model.forward(images)));

  TensorFile file = read_safetensors(path_);
  file.metadata.at("tandem.format") = "1";  // the one without a fingerprint
  file.metadata.erase("tandem.content_fingerprint");
  file.tensors.erase("token");
  file.tensors["mix.weight"] = torch::zeros({6, 6, 5});
  write_safetensors(path_, file);
  EXPECT_THAT([&] { load_model(path_); },
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr(path_.string()), HasSubstr("missing 'token'"),
                        HasSubstr("'mix.weight' should be Float [6, 6, 3], is Float [6, 6, 5]"))));
}

}  // namespace
}  // namespace tandem
