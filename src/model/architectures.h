#pragma once

#include <memory>
#include <string>

#include "tandem/model/backbone.h"

namespace tandem {

// What the registry of make_backbone knows to build. `config.width` is resolved here, and its
// choices are among those that the registry lists for the network.

/// Two hidden layers of `width` units with ReLU ("hidden1", "hidden2"); features are the second's.
std::shared_ptr<Backbone> make_mlp(const ModelConfig& config, const ImageShape& shape);

/// The three-block network of the dataset-distillation literature (Zhao et al., "Dataset
/// condensation with gradient matching", ICLR 2021): [3x3 convolution, norm, ReLU, 2x2 average
/// pooling] x 3 of constant width ("conv1", "norm1", ...); features are the last map, flattened.
std::shared_ptr<Backbone> make_convnet3(const ModelConfig& config, const ImageShape& shape);

/// The CIFAR network of He et al., "Deep residual learning for image recognition" (CVPR 2016),
/// section 4.2: three stages of `blocks_per_stage` basic blocks, 6 blocks_per_stage + 2 layers
/// deep. Shortcuts that change shape are projections (option B), not zero padding.
std::shared_ptr<Backbone> make_cifar_resnet(const ModelConfig& config, const ImageShape& shape,
                                            int blocks_per_stage);

/// torchvision's ResNet-18: four stages of two basic blocks, with the stem that `config` names.
std::shared_ptr<Backbone> make_resnet18(const ModelConfig& config, const ImageShape& shape);

/// Throws std::invalid_argument unless both sides of an image are at least `smallest` pixels.
void require_image_side(const ModelConfig& config, const ImageShape& shape, std::int64_t smallest);

}  // namespace tandem
