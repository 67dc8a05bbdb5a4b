#include <fmt/format.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>

#include "architectures.h"
#include "resnet_form.h"

namespace tandem {
namespace {

torch::nn::Conv2d convolution(std::int64_t in, std::int64_t out, std::int64_t kernel,
                              std::int64_t stride) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel)
                               .stride(stride)
                               .padding(kernel / 2)
                               .bias(false));  // batch normalisation follows
}

torch::nn::Sequential projection(std::int64_t in, std::int64_t out, std::int64_t stride) {
  return torch::nn::Sequential(convolution(in, out, 1, stride), torch::nn::BatchNorm2d(out));
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
      downsample_ = register_module("downsample", projection(in, out, stride));
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

/// Like BasicBlock with three convolutions, of which the middle one is narrow and carries the
/// stride (torchvision's "v1.5"; in the paper the first carries it).
class Bottleneck : public torch::nn::Module {
 public:
  Bottleneck(std::int64_t in, std::int64_t inner, std::int64_t stride)
      : conv1_(register_module("conv1", convolution(in, inner, 1, 1))),
        bn1_(register_module("bn1", torch::nn::BatchNorm2d(inner))),
        conv2_(register_module("conv2", convolution(inner, inner, 3, stride))),
        bn2_(register_module("bn2", torch::nn::BatchNorm2d(inner))),
        conv3_(register_module("conv3", convolution(inner, kBottleneckExpansion * inner, 1, 1))),
        bn3_(register_module("bn3", torch::nn::BatchNorm2d(kBottleneckExpansion * inner))) {
    const std::int64_t out = kBottleneckExpansion * inner;
    if (stride != 1 || in != out) {
      downsample_ = register_module("downsample", projection(in, out, stride));
    }
  }

  torch::Tensor forward(const torch::Tensor& map) {
    const torch::Tensor narrow = bn1_(conv1_(map)).relu_();
    const torch::Tensor hidden = bn2_(conv2_(narrow)).relu_();
    torch::Tensor sum = bn3_(conv3_(hidden));
    sum += downsample_.is_empty() ? map : downsample_->forward(map);
    return sum.relu_();
  }

 private:
  torch::nn::Conv2d conv1_;
  torch::nn::BatchNorm2d bn1_;
  torch::nn::Conv2d conv2_;
  torch::nn::BatchNorm2d bn2_;
  torch::nn::Conv2d conv3_;
  torch::nn::BatchNorm2d bn3_;
  torch::nn::Sequential downsample_{nullptr};
};

/// Stem, stages of blocks whose width doubles and whose sides halve from one to the next, and
/// global average pooling.
class ResNet : public Backbone {
 public:
  ResNet(const ModelConfig& config, std::int64_t channels, const ResNetForm& form)
      : imagenet_stem_(config.stem == "imagenet"),
        conv1_(register_module("conv1", imagenet_stem_
                                            ? convolution(channels, config.width, 7, 2)
                                            : convolution(channels, config.width, 3, 1))),
        bn1_(register_module("bn1", torch::nn::BatchNorm2d(config.width))),
        feature_width_(resnet_feature_width(form, config.width)) {
    std::int64_t in = config.width;
    for (std::size_t stage = 0; stage < form.blocks.size(); ++stage) {
      const std::int64_t inner = config.width << stage;
      torch::nn::Sequential blocks;
      for (std::int64_t block = 0; block < form.blocks[stage]; ++block) {
        const std::int64_t stride = stage > 0 && block == 0 ? 2 : 1;
        if (form.bottleneck) {
          blocks->push_back(std::make_shared<Bottleneck>(in, inner, stride));
          in = kBottleneckExpansion * inner;
        } else {
          blocks->push_back(std::make_shared<BasicBlock>(in, inner, stride));
          in = inner;
        }
      }
      stages_.push_back(register_module(fmt::format("layer{}", stage + 1), blocks));
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

}  // namespace

std::shared_ptr<Backbone> make_resnet(const ModelConfig& config, const ImageShape& shape,
                                      const ResNetForm& form) {
  // Sides are halved rounding up, so nothing fails on a tiny image; but a halving of a single pixel
  // means a network made for larger ones.
  const int halvings =
      static_cast<int>(form.blocks.size()) - 1 + (config.stem == "imagenet" ? 2 : 0);
  require_image_side(config, shape, halvings == 0 ? 1 : (1 << (halvings - 1)) + 1);
  return std::make_shared<ResNet>(config, shape.channels, form);
}

}  // namespace tandem
