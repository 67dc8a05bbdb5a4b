#include <fmt/format.h>

#include <optional>

#include "architectures.h"
#include "resnet_form.h"

namespace tandem {
namespace {

constexpr std::int64_t kBottleneckExpansion = 4;  // a bottleneck's output to its inside

struct NormedConvolution {
  torch::nn::Conv2d conv;
  torch::nn::BatchNorm2d norm;

  torch::Tensor forward(const torch::Tensor& map) { return norm(conv(map)); }
};

/// relu(x' + path(x)), where x' is x or its projection to another shape, and path is two
/// convolutions with their norms or, in a bottleneck, three; ReLU stands between them.
struct ResidualBlock {
  std::vector<NormedConvolution> path;
  std::optional<NormedConvolution> projection;

  torch::Tensor forward(const torch::Tensor& map) {
    torch::Tensor hidden = map;
    for (std::size_t k = 0; k + 1 < path.size(); ++k) {
      hidden = path[k].forward(hidden).relu_();
    }
    torch::Tensor sum = path.back().forward(hidden);
    sum += projection ? projection->forward(map) : map;
    return sum.relu_();
  }
};

NormedConvolution normed(Layers& layers, const std::string& conv, const std::string& norm,
                         const ConvolutionForm& form) {
  return {layers.convolution(conv, form), layers.batch_norm(norm, form.out)};
}

/// `name` is "layer1.0" or the like. Of a bottleneck's convolutions the middle one is narrow and
/// carries the stride (torchvision's "v1.5"; in the paper the first carries it).
ResidualBlock make_block(Layers& layers, const std::string& name, bool bottleneck, std::int64_t in,
                         std::int64_t inner, std::int64_t stride) {
  const std::int64_t out = bottleneck ? kBottleneckExpansion * inner : inner;
  std::vector<ConvolutionForm> forms{{.in = in, .out = inner, .stride = stride},
                                     {.in = inner, .out = inner}};
  if (bottleneck) {
    forms = {{.in = in, .out = inner, .kernel = 1},
             {.in = inner, .out = inner, .stride = stride},
             {.in = inner, .out = out, .kernel = 1}};
  }
  ResidualBlock block;
  for (std::size_t k = 0; k < forms.size(); ++k) {
    block.path.push_back(normed(layers, fmt::format("{}.conv{}", name, k + 1),
                                fmt::format("{}.bn{}", name, k + 1), forms[k]));
  }
  if (stride != 1 || in != out) {
    block.projection = normed(layers, name + ".downsample.0", name + ".downsample.1",
                              {.in = in, .out = out, .kernel = 1, .stride = stride});
  }
  return block;
}

/// Stem, stages of blocks whose width doubles and whose sides halve from one to the next, and
/// global average pooling.
class ResNet : public Backbone {
 public:
  ResNet(Layers& layers, const ModelConfig& config, std::int64_t channels, const ResNetForm& form)
      : imagenet_stem_(config.stem == "imagenet"),
        stem_(normed(layers, "conv1", "bn1",
                     {.in = channels,
                      .out = config.width,
                      .kernel = imagenet_stem_ ? 7 : 3,
                      .stride = imagenet_stem_ ? 2 : 1})),
        feature_width_(config.width) {
    for (std::size_t stage = 0; stage < form.blocks.size(); ++stage) {
      const std::int64_t inner = config.width << stage;
      for (std::int64_t block = 0; block < form.blocks[stage]; ++block) {
        const std::string name = fmt::format("layer{}.{}", stage + 1, block);
        const std::int64_t stride = stage > 0 && block == 0 ? 2 : 1;
        blocks_.push_back(make_block(layers, name, form.bottleneck, feature_width_, inner, stride));
        feature_width_ = form.bottleneck ? kBottleneckExpansion * inner : inner;
      }
    }
  }

  torch::Tensor forward(const torch::Tensor& images) override {
    torch::Tensor map = stem_.forward(images).relu_();
    if (imagenet_stem_) {
      map = torch::max_pool2d(map, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1);
    }
    for (ResidualBlock& block : blocks_) {
      map = block.forward(map);
    }
    return map.mean({2, 3});
  }

  std::int64_t feature_width() const override { return feature_width_; }

 private:
  bool imagenet_stem_;
  NormedConvolution stem_;
  std::vector<ResidualBlock> blocks_;
  std::int64_t feature_width_;  ///< channels of the last block so far
};

}  // namespace

std::shared_ptr<Backbone> make_resnet(Layers& layers, const ModelConfig& config,
                                      const ImageShape& shape, const ResNetForm& form) {
  // Sides are halved rounding up, so nothing fails on a tiny image; but a halving of a single pixel
  // means a network made for larger ones.
  const int halvings =
      static_cast<int>(form.blocks.size()) - 1 + (config.stem == "imagenet" ? 2 : 0);
  require_image_side(config, shape, halvings == 0 ? 1 : (1 << (halvings - 1)) + 1);
  return std::make_shared<ResNet>(layers, config, shape.channels, form);
}

TensorForms resnet_tensors(const ModelConfig& config, const ResNetForm& form, std::int64_t channels,
                           std::int64_t classes) {
  NotedLayers layers;
  const ResNet network(layers, config, channels, form);
  layers.linear("fc", network.feature_width(), classes);
  return layers.tensors();
}

}  // namespace tandem
