#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "layers.h"
#include "tandem/model/backbone.h"

namespace tandem {

struct ResNetForm;

/// Every tensor that a model without a target head has: what a file is compared with before
/// anything of the size that it claims is built. Nothing for a registered backbone, whose tensors
/// show once it is built. Throws as make_backbone does.
std::optional<TensorForms> known_tensors(const ModelConfig& config, const ImageShape& shape,
                                         std::int64_t classes);

// Tandem's own networks. `config.width` is resolved here, and its choices are among those that the
// registry lists for the network.

/// Two hidden layers of `width` units with ReLU ("hidden1", "hidden2"); features are the second's.
std::shared_ptr<Backbone> make_mlp(Layers& layers, const ModelConfig& config,
                                   const ImageShape& shape);

/// The three-block network of the dataset-distillation literature (Zhao et al., "Dataset
/// condensation with gradient matching", ICLR 2021): [3x3 convolution, norm, ReLU, 2x2 average
/// pooling] x 3 of constant width ("conv1", "norm1", ...); features are the last map, flattened.
std::shared_ptr<Backbone> make_convnet3(Layers& layers, const ModelConfig& config,
                                        const ImageShape& shape);

/// The networks of He et al., "Deep residual learning for image recognition" (CVPR 2016). With
/// three stages of basic blocks they are those of section 4.2 for CIFAR, whose shortcuts that
/// change shape are projections here (option B) and not zero padding; with four stages they are
/// torchvision's, with the stem that `config` names.
std::shared_ptr<Backbone> make_resnet(Layers& layers, const ModelConfig& config,
                                      const ImageShape& shape, const ResNetForm& form);

/// Every tensor of such a network with its classifier, whatever the sides of its images.
TensorForms resnet_tensors(const ModelConfig& config, const ResNetForm& form, std::int64_t channels,
                           std::int64_t classes);

/// Throws std::invalid_argument unless both sides of an image are at least `smallest` pixels.
void require_image_side(const ModelConfig& config, const ImageShape& shape, std::int64_t smallest);

}  // namespace tandem
