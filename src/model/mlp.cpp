#include <torch/nn/modules/linear.h>

#include "architectures.h"

namespace tandem {
namespace {

class Mlp : public Backbone {
 public:
  Mlp(const ImageShape& shape, std::int64_t width)
      : width_(width),
        hidden1_(register_module(
            "hidden1", torch::nn::Linear(shape.channels * shape.height * shape.width, width))),
        hidden2_(register_module("hidden2", torch::nn::Linear(width, width))) {}

  torch::Tensor forward(const torch::Tensor& images) override {
    const torch::Tensor first = hidden1_(images.flatten(1)).relu_();
    return hidden2_(first).relu_();
  }

  std::int64_t feature_width() const override { return width_; }

 private:
  std::int64_t width_;
  torch::nn::Linear hidden1_;
  torch::nn::Linear hidden2_;
};

}  // namespace

std::shared_ptr<Backbone> make_mlp(const ModelConfig& config, const ImageShape& shape) {
  return std::make_shared<Mlp>(shape, config.width);
}

TensorShapes mlp_tensors(const ModelConfig& config, const ImageShape& shape, std::int64_t classes) {
  const std::int64_t width = config.width;
  return {{"hidden1.weight", {width, shape.channels * shape.height * shape.width}},
          {"hidden1.bias", {width}},
          {"hidden2.weight", {width, width}},
          {"hidden2.bias", {width}},
          {"fc.weight", {classes, width}},
          {"fc.bias", {classes}}};
}

}  // namespace tandem
