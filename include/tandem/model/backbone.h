#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <vector>

#include "tandem/core/config.h"
#include "tandem/dataset/dataset.h"

namespace tandem {

/// Which network; every key can stand in a config file.
struct ModelConfig {
  std::string name = "convnet3";
  std::int64_t width = 0;      ///< channels of the first block; 0 is the network's own default
  std::string norm = "batch";  ///< convnet3: batch, instance or none
  std::string stem = "cifar";  ///< resnet18/34/50: cifar (3x3) or imagenet (7x7 and max-pooling)

  void visit(ConfigVisitor& visitor);
};

/// The part of a network between images and features. Parameters carry torchvision's names where
/// the architecture is torchvision's.
class Backbone : public torch::nn::Module {
 public:
  /// fp32 [n, channels, height, width] -> fp32 [n, feature_width()].
  virtual torch::Tensor forward(const torch::Tensor& images) = 0;
  virtual std::int64_t feature_width() const = 0;
};

/// Names that make_backbone knows: convnet3, mlp, resnet8, resnet14, resnet18, resnet20, resnet34,
/// resnet50. Any other ResNet is named by its blocks per stage: resnet-basic-3-4-6-3,
/// resnet-bottleneck-3-4-23-3.
std::vector<std::string> model_names();

/// Builds the network that `config` names for images of `shape`; weights are not initialised (see
/// initialise). Throws std::invalid_argument for unknown names and impossible sizes.
std::shared_ptr<Backbone> make_backbone(const ModelConfig& config, const ImageShape& shape);

}  // namespace tandem
