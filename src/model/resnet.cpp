#include <fmt/format.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>

#include "architectures.h"

namespace tandem {
namespace {

torch::nn::Conv2d convolution(std::int64_t in, std::int64_t out, std::int64_t kernel,
                              std::int64_t stride) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel)
                               .stride(stride)
                               .padding(kernel / 2)
                               .bias(false));  // batch normalisation follows
}

/// relu(x' + bn(conv(relu(bn(conv(x)))))), where x' is x or its projection to another shape.
class BasicBlock : public torch::nn::Module {
 public:
  BasicBlock(std::int64_t in, std::int64_t out, std::int64_t stride)
      : conv1_(register_module("conv1", convolution(in, out, 3, stride))),
        bn1_(register_module("bn1", torch::nn::BatchNorm2d(out))),
        conv2_(register_module("conv2", convolution(out, out, 3, 1))),
        bn2_(register_module("bn2", torch::nn::BatchNorm2d(out))) {
    if (stride != 1 || in != out) {
      downsample_ = register_module(
          "downsample",
          torch::nn::Sequential(convolution(in, out, 1, stride), torch::nn::BatchNorm2d(out)));
    }
  }

  torch::Tensor forward(const torch::Tensor& map) {
    const torch::Tensor hidden = bn1_(conv1_(map)).relu_();
    torch::Tensor sum = bn2_(conv2_(hidden));
    sum += downsample_.is_empty() ? map : downsample_->forward(map);
    return sum.relu_();
  }

 private:
  torch::nn::Conv2d conv1_;
  torch::nn::BatchNorm2d bn1_;
  torch::nn::Conv2d conv2_;
  torch::nn::BatchNorm2d bn2_;
  torch::nn::Sequential downsample_{nullptr};
};

/// Stem, stages of basic blocks whose width doubles and whose sides halve from one to the next, and
/// global average pooling.
class ResNet : public Backbone {
 public:
  ResNet(const ModelConfig& config, std::int64_t channels, int stages, int blocks_per_stage)
      : imagenet_stem_(config.stem == "imagenet"),
        conv1_(register_module("conv1", imagenet_stem_
                                            ? convolution(channels, config.width, 7, 2)
                                            : convolution(channels, config.width, 3, 1))),
        bn1_(register_module("bn1", torch::nn::BatchNorm2d(config.width))),
        feature_width_(config.width) {
    for (int stage = 0; stage < stages; ++stage) {
      const std::int64_t out = config.width << stage;
      torch::nn::Sequential blocks(
          std::make_shared<BasicBlock>(feature_width_, out, stage == 0 ? 1 : 2));
      for (int block = 1; block < blocks_per_stage; ++block) {
        blocks->push_back(std::make_shared<BasicBlock>(out, out, 1));
      }
      stages_.push_back(register_module(fmt::format("layer{}", stage + 1), blocks));
      feature_width_ = out;
    }
  }

  torch::Tensor forward(const torch::Tensor& images) override {
    torch::Tensor map = bn1_(conv1_(images)).relu_();
    if (imagenet_stem_) {
      map = torch::max_pool2d(map, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1);
    }
    for (torch::nn::Sequential& stage : stages_) {
      map = stage->forward(map);
    }
    return map.mean({2, 3});
  }

  std::int64_t feature_width() const override { return feature_width_; }

 private:
  bool imagenet_stem_;
  torch::nn::Conv2d conv1_;
  torch::nn::BatchNorm2d bn1_;
  std::vector<torch::nn::Sequential> stages_;
  std::int64_t feature_width_;
};

std::shared_ptr<Backbone> make_resnet(const ModelConfig& config, const ImageShape& shape,
                                      int stages, int blocks_per_stage) {
  // Sides are halved rounding up, so nothing fails on a tiny image; but a halving of a single pixel
  // means a network made for larger ones.
  const int halvings = stages - 1 + (config.stem == "imagenet" ? 2 : 0);
  require_image_side(config, shape, (1 << (halvings - 1)) + 1);
  return std::make_shared<ResNet>(config, shape.channels, stages, blocks_per_stage);
}

}  // namespace

std::shared_ptr<Backbone> make_cifar_resnet(const ModelConfig& config, const ImageShape& shape,
                                            int blocks_per_stage) {
  return make_resnet(config, shape, 3, blocks_per_stage);
}

std::shared_ptr<Backbone> make_resnet18(const ModelConfig& config, const ImageShape& shape) {
  return make_resnet(config, shape, 4, 2);
}

}  // namespace tandem
