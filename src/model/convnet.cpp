#include <fmt/format.h>
#include <torch/nn/functional/instancenorm.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/any.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/nn/modules/linear.h>

#include <array>

#include "architectures.h"

namespace tandem {
namespace {

constexpr std::int64_t kBlocks = 3;
constexpr std::int64_t kShrinkage = 1 << kBlocks;  // each block halves both sides

std::int64_t features_of(const ModelConfig& config, const ImageShape& shape) {
  return config.width * (shape.height / kShrinkage) * (shape.width / kShrinkage);
}

torch::nn::AnyModule make_norm(const std::string& norm, std::int64_t width) {
  if (norm == "batch") {
    return torch::nn::AnyModule(torch::nn::BatchNorm2d(width));
  }
  if (norm == "instance") {
    return torch::nn::AnyModule(
        torch::nn::InstanceNorm2d(torch::nn::InstanceNorm2dOptions(width).affine(true)));
  }
  return torch::nn::AnyModule(torch::nn::Identity());
}

class ConvNet3 : public Backbone {
 public:
  ConvNet3(const ModelConfig& config, const ImageShape& shape)
      : feature_width_(features_of(config, shape)) {
    for (std::int64_t i = 0; i < kBlocks; ++i) {
      const auto options =
          torch::nn::Conv2dOptions(i == 0 ? shape.channels : config.width, config.width, 3)
              .padding(1)
              .bias(config.norm == "none");  // a norm would subtract it again
      convs_[i] = register_module(fmt::format("conv{}", i + 1), torch::nn::Conv2d(options));
      norms_[i] = make_norm(config.norm, config.width);
      register_module(fmt::format("norm{}", i + 1), norms_[i].ptr());
    }
  }

  torch::Tensor forward(const torch::Tensor& images) override {
    torch::Tensor map = images;
    for (std::int64_t i = 0; i < kBlocks; ++i) {
      const torch::Tensor normed = norms_[i].forward(convs_[i]->forward(map));
      map = torch::avg_pool2d(normed.relu_(), /*kernel_size=*/2);
    }
    return map.flatten(1);
  }

  std::int64_t feature_width() const override { return feature_width_; }

 private:
  std::int64_t feature_width_;
  std::array<torch::nn::Conv2d, kBlocks> convs_{nullptr, nullptr, nullptr};
  std::array<torch::nn::AnyModule, kBlocks> norms_;
};

}  // namespace

std::shared_ptr<Backbone> make_convnet3(const ModelConfig& config, const ImageShape& shape) {
  require_image_side(config, shape, kShrinkage);
  return std::make_shared<ConvNet3>(config, shape);
}

TensorShapes convnet3_tensors(const ModelConfig& config, const ImageShape& shape,
                              std::int64_t classes) {
  TensorShapes shapes{{"fc.weight", {classes, features_of(config, shape)}}, {"fc.bias", {classes}}};
  for (std::int64_t i = 1; i <= kBlocks; ++i) {
    shapes[fmt::format("conv{}.weight", i)] = {config.width, i == 1 ? shape.channels : config.width,
                                               3, 3};
    if (config.norm == "none") {
      shapes[fmt::format("conv{}.bias", i)] = {config.width};
      continue;
    }
    shapes[fmt::format("norm{}.weight", i)] = {config.width};
    shapes[fmt::format("norm{}.bias", i)] = {config.width};
    if (config.norm == "batch") {
      shapes[fmt::format("norm{}.running_mean", i)] = {config.width};
      shapes[fmt::format("norm{}.running_var", i)] = {config.width};
      shapes[fmt::format("norm{}.num_batches_tracked", i)] = {};
    }
  }
  return shapes;
}

}  // namespace tandem
