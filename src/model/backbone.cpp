#include "tandem/model/backbone.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "architectures.h"
#include "resnet_form.h"
#include "tandem/core/registry.h"

namespace tandem {
namespace {

constexpr std::int64_t kMaxWidth = 4096;      // beyond it a mistyped number, not a network
constexpr std::int64_t kMaxExtent = 1 << 20;  // of images, so that products of extents fit 64 bits

struct Architecture {
  std::int64_t default_width;
  std::vector<std::string> norms;  ///< choices of ModelConfig::norm, empty if it has no say
  std::vector<std::string> stems;  ///< choices of ModelConfig::stem, empty if it has no say
  std::function<std::shared_ptr<Backbone>(Layers&, const ModelConfig&, const ImageShape&)> build;
};

/// The networks for CIFAR are narrow and have but one stem.
Architecture resnet(const ResNetForm& form, bool for_cifar) {
  const auto build = [=](Layers& layers, const ModelConfig& config, const ImageShape& shape) {
    return make_resnet(layers, config, shape, form);
  };
  if (for_cifar) {
    return {16, {}, {}, build};
  }
  return {64, {}, {"cifar", "imagenet"}, build};
}

Registry<Architecture> named_architectures() {
  Registry<Architecture> registry("model");
  registry.add("convnet3", {128, {"batch", "instance", "none"}, {}, make_convnet3});
  registry.add("mlp", {256, {}, {}, make_mlp});
  for (const auto& [name, form] : named_resnets()) {
    registry.add(name, resnet(form, /*for_cifar=*/form.blocks.size() == 3));
  }
  return registry;
}

const Registry<Architecture>& architectures() {
  static const Registry<Architecture> registry = named_architectures();
  return registry;
}

Architecture architecture_of(const std::string& name) {
  if (const auto form = parse_resnet_form(name)) {
    return resnet(*form, /*for_cifar=*/false);
  }
  return architectures().at(name);
}

/// A key that means nothing to a network must keep its default: no setting is silently ignored.
void check_choice(const ModelConfig& config, std::string_view key, const std::string& value,
                  const std::string& default_value, const std::vector<std::string>& choices) {
  if (choices.empty() && value != default_value) {
    throw std::invalid_argument(fmt::format(
        "model '{}' has no choice of {}; leave it out, got '{}'", config.name, key, value));
  }
  if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
    throw std::invalid_argument(fmt::format("model '{}': {} must be one of {}, got '{}'",
                                            config.name, key, fmt::join(choices, ", "), value));
  }
}

/// `config` with its width filled in. Throws std::invalid_argument for what cannot be.
ModelConfig checked(const ModelConfig& config, const ImageShape& shape) {
  const Architecture architecture = architecture_of(config.name);
  check_choice(config, "norm", config.norm, ModelConfig{}.norm, architecture.norms);
  check_choice(config, "stem", config.stem, ModelConfig{}.stem, architecture.stems);
  if (config.width < 0 || config.width > kMaxWidth) {
    throw std::invalid_argument(
        fmt::format("model '{}': width must be 1..{}, or 0 for the default {}; got {}", config.name,
                    kMaxWidth, architecture.default_width, config.width));
  }
  if (shape.channels < 1) {
    throw std::invalid_argument(
        fmt::format("model '{}': images must have a channel, got {}", config.name, shape.channels));
  }
  require_image_side(config, shape, 1);
  if (std::max({shape.channels, shape.height, shape.width}) > kMaxExtent) {
    throw std::invalid_argument(
        fmt::format("model '{}': images must be at most {} in each extent, got {}x{}x{}",
                    config.name, kMaxExtent, shape.channels, shape.height, shape.width));
  }
  ModelConfig resolved = config;
  resolved.width = config.width == 0 ? architecture.default_width : config.width;
  return resolved;
}

}  // namespace

void ModelConfig::visit(ConfigVisitor& visitor) {
  visitor.field("name", name);
  visitor.field("width", width);
  visitor.field("norm", norm);
  visitor.field("stem", stem);
}

std::vector<std::string> model_names() {
  return architectures().names();
}

std::shared_ptr<Backbone> make_backbone(const ModelConfig& config, const ImageShape& shape) {
  MadeLayers layers;
  auto backbone = architecture_of(config.name).build(layers, checked(config, shape), shape);
  layers.register_in(*backbone);
  return backbone;
}

TensorForms model_tensors(const ModelConfig& config, const ImageShape& shape,
                          std::int64_t classes) {
  NotedLayers layers;
  const auto backbone = architecture_of(config.name).build(layers, checked(config, shape), shape);
  layers.linear("fc", backbone->feature_width(), classes);
  return layers.tensors();
}

void require_image_side(const ModelConfig& config, const ImageShape& shape, std::int64_t smallest) {
  if (std::min(shape.height, shape.width) < smallest) {
    throw std::invalid_argument(
        fmt::format("model '{}': images must be at least {}x{} pixels, got {}x{}", config.name,
                    smallest, smallest, shape.height, shape.width));
  }
}

}  // namespace tandem
