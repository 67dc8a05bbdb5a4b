#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tandem/model/weights.h"

namespace tandem {

/// A ResNet as its weights tell.
struct ForeignResNet {
  ModelConfig config;  ///< a name of its own where it has one, else resnet-basic-... and the like
  std::int64_t channels = 0;
  std::int64_t class_count = 0;
};

/// Recognises a ResNet that another program wrote, by torchvision's names (timm's are the same) and
/// by shapes: blocks per stage, basic or bottleneck, width, stem, channels and classes. Three
/// things do not show in weights and are taken for granted: a 7x7 stem has stride 2 and max-pooling
/// after it, a 3x3 stem has neither, and bottlenecks carry their stride on the 3x3 convolution.
/// `num_batches_tracked` may be missing. Throws std::runtime_error that starts with `source` and
/// lists what does not fit: deep stems, squeeze-and-excitation, groups, other names.
ForeignResNet recognise_resnet(const std::map<std::string, torch::Tensor>& tensors,
                               const std::string& source);

/// Loads such a ResNet from a safetensors file that holds nothing but its weights, for images of
/// `shape`, onto the CPU and in evaluation mode. A prefix "module." of all names, as DataParallel
/// writes it, is left out, and kRemarkNote says so. Weights of another floating type become fp32;
/// the fingerprint is of the weights as they stand in the file and of `normalisation`. Throws
/// std::runtime_error that names the path: for what recognise_resnet refuses, for Tandem's own
/// checkpoints, and for images with another number of channels or too small.
TrainedModel load_foreign_resnet(const std::filesystem::path& path, const ImageShape& shape,
                                 const Normalisation& normalisation);

}  // namespace tandem
