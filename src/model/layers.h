#pragma once

#include <torch/nn/functional/instancenorm.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tandem {

/// What a tensor is, without its values.
struct TensorForm {
  torch::Dtype dtype;
  std::vector<std::int64_t> shape;

  friend bool operator==(const TensorForm&, const TensorForm&) = default;
};

using TensorForms = std::map<std::string, TensorForm>;  ///< by name

/// Of a square convolution, padded so that at stride 1 a map keeps its sides.
struct ConvolutionForm {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t kernel = 3;
  std::int64_t stride = 1;
  bool bias = false;
};

/// Where a network's constructor gets its layers from, each by the name that its tensors have in
/// files ("layer1.0.conv1"). So a network is written once, in its constructor: MadeLayers gives it
/// layers to compute with, NotedLayers only notes which tensors they would have.
class Layers {
 public:
  virtual ~Layers() = default;
  virtual torch::nn::Conv2d convolution(const std::string& name, const ConvolutionForm& form) = 0;
  virtual torch::nn::BatchNorm2d batch_norm(const std::string& name, std::int64_t width) = 0;
  virtual torch::nn::InstanceNorm2d instance_norm(const std::string& name, std::int64_t width) = 0;
  virtual torch::nn::Linear linear(const std::string& name, std::int64_t in, std::int64_t out) = 0;
};

class MadeLayers : public Layers {
 public:
  torch::nn::Conv2d convolution(const std::string& name, const ConvolutionForm& form) override;
  torch::nn::BatchNorm2d batch_norm(const std::string& name, std::int64_t width) override;
  torch::nn::InstanceNorm2d instance_norm(const std::string& name, std::int64_t width) override;
  torch::nn::Linear linear(const std::string& name, std::int64_t in, std::int64_t out) override;

  /// Registers all layers in the order in which they were made, a module for each part of a name.
  void register_in(torch::nn::Module& network) const;

 private:
  torch::nn::Module tree_;
};

/// The layers that it gives are empty: such a network takes no memory and cannot compute.
class NotedLayers : public Layers {
 public:
  torch::nn::Conv2d convolution(const std::string& name, const ConvolutionForm& form) override;
  torch::nn::BatchNorm2d batch_norm(const std::string& name, std::int64_t width) override;
  torch::nn::InstanceNorm2d instance_norm(const std::string& name, std::int64_t width) override;
  torch::nn::Linear linear(const std::string& name, std::int64_t in, std::int64_t out) override;

  const TensorForms& tensors() const { return tensors_; }

 private:
  void note(const std::string& name, std::vector<std::int64_t> shape);

  TensorForms tensors_;
};

}  // namespace tandem
