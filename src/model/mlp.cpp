#include "architectures.h"

namespace tandem {
namespace {

class Mlp : public Backbone {
 public:
  Mlp(Layers& layers, const ImageShape& shape, std::int64_t width)
      : width_(width),
        hidden1_(layers.linear("hidden1", shape.channels * shape.height * shape.width, width)),
        hidden2_(layers.linear("hidden2", width, width)) {}

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

std::shared_ptr<Backbone> make_mlp(Layers& layers, const ModelConfig& config,
                                   const ImageShape& shape) {
  return std::make_shared<Mlp>(layers, shape, config.width);
}

}  // namespace tandem
