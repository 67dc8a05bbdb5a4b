#include <fmt/format.h>

#include <array>

#include "architectures.h"

namespace tandem {
namespace {

constexpr std::int64_t kBlocks = 3;
constexpr std::int64_t kShrinkage = 1 << kBlocks;  // each block halves both sides

/// A convolution and the norm after it, if any.
struct ConvNetBlock {
  torch::nn::Conv2d conv{nullptr};
  torch::nn::BatchNorm2d batch_norm{nullptr};
  torch::nn::InstanceNorm2d instance_norm{nullptr};

  torch::Tensor forward(const torch::Tensor& images) {
    torch::Tensor map = conv(images);
    if (!batch_norm.is_empty()) {
      map = batch_norm(map);
    } else if (!instance_norm.is_empty()) {
      map = instance_norm(map);
    }
    return torch::avg_pool2d(map.relu_(), /*kernel_size=*/2);
  }
};

class ConvNet3 : public Backbone {
 public:
  ConvNet3(Layers& layers, const ModelConfig& config, const ImageShape& shape)
      : feature_width_(config.width * (shape.height / kShrinkage) * (shape.width / kShrinkage)) {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      blocks_[i].conv = layers.convolution(fmt::format("conv{}", i + 1),
                                           {.in = i == 0 ? shape.channels : config.width,
                                            .out = config.width,
                                            .bias = config.norm == "none"});  // a norm subtracts it
      const std::string norm = fmt::format("norm{}", i + 1);
      if (config.norm == "batch") {
        blocks_[i].batch_norm = layers.batch_norm(norm, config.width);
      } else if (config.norm == "instance") {
        blocks_[i].instance_norm = layers.instance_norm(norm, config.width);
      }
    }
  }

  torch::Tensor forward(const torch::Tensor& images) override {
    torch::Tensor map = images;
    for (ConvNetBlock& block : blocks_) {
      map = block.forward(map);
    }
    return map.flatten(1);
  }

  std::int64_t feature_width() const override { return feature_width_; }

 private:
  std::int64_t feature_width_;
  std::array<ConvNetBlock, kBlocks> blocks_;
};

}  // namespace

std::shared_ptr<Backbone> make_convnet3(Layers& layers, const ModelConfig& config,
                                        const ImageShape& shape) {
  require_image_side(config, shape, kShrinkage);
  return std::make_shared<ConvNet3>(layers, config, shape);
}

}  // namespace tandem
