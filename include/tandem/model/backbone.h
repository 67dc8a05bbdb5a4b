#pragma once

#include <torch/nn/module.h>

#include <functional>
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

  /// For a backbone with layers that initialise() has no rule for, or with a rule of its own for
  /// others: draws the parameters of `layer` that are not those of layers below it, with
  /// draw_normal and draw_uniform under the names `prefix` + "weight" and the like, and returns
  /// true; false leaves them to initialise(). It is asked for every layer with parameters or
  /// buffers: "stage1.conv." is the prefix of the layer "stage1.conv", and "" of the backbone
  /// itself.
  virtual bool initialise_layer(torch::nn::Module& layer, const std::string& prefix,
                                std::uint64_t seed);
};

/// How a network comes about that `model.name` can name.
struct BackboneKind {
  /// For a config whose width is resolved and whose norm and stem are among those below.
  std::function<std::shared_ptr<Backbone>(const ModelConfig&, const ImageShape&)> make;
  std::int64_t default_width = 0;  ///< what `model.width = 0` stands for
  /// What `model.norm` and `model.stem` may be, empty if the network has no such choice. A config
  /// that leaves a key out has ModelConfig's default, so that should be among them.
  std::vector<std::string> norms, stems;
};

/// Lets configs name a network of one's own; models with it train, are saved and are loaded like
/// any other. Call it first in main, before threads are started, in every program that uses the
/// name (workers of a study are such programs). What a checkpoint of it must hold is found by
/// building it, so `make` should refuse, with std::invalid_argument, images that it is not made
/// for. Throws std::invalid_argument for a name that is taken, a default width outside 1..4096,
/// and without a `make`.
void register_backbone(const std::string& name, BackboneKind kind);

/// Names that make_backbone knows: convnet3, mlp, resnet8, resnet14, resnet18, resnet20, resnet34,
/// resnet50, and registered ones. Any other ResNet is named by its blocks per stage:
/// resnet-basic-3-4-6-3, resnet-bottleneck-3-4-23-3.
std::vector<std::string> model_names();

/// Builds the network that `config` names for images of `shape`; weights are not initialised (see
/// initialise). Throws std::invalid_argument for unknown names and impossible sizes.
std::shared_ptr<Backbone> make_backbone(const ModelConfig& config, const ImageShape& shape);

}  // namespace tandem
