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
      : feature_width_(config.width * (shape.height / kShrinkage) * (shape.width / kShrinkage)) {
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

}  // namespace tandem
