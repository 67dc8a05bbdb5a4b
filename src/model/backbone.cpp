#include "tandem/model/backbone.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "architectures.h"
#include "known_backbones.h"

namespace tandem {
namespace {

constexpr std::int64_t kMaxExtent = 1 << 20;  // of images, so that products of extents fit 64 bits

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
ModelConfig checked(const ModelConfig& config, const ImageShape& shape, const BackboneKind& kind) {
  check_choice(config, "norm", config.norm, ModelConfig{}.norm, kind.norms);
  check_choice(config, "stem", config.stem, ModelConfig{}.stem, kind.stems);
  if (config.width < 0 || config.width > kMaxWidth) {
    throw std::invalid_argument(
        fmt::format("model '{}': width must be 1..{}, or 0 for the default {}; got {}", config.name,
                    kMaxWidth, kind.default_width, config.width));
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
  resolved.width = config.width == 0 ? kind.default_width : config.width;
  return resolved;
}

std::shared_ptr<Backbone> made(const BackboneKind& kind, const ModelConfig& config,
                               const ImageShape& shape) {
  auto backbone = kind.make(config, shape);
  if (backbone == nullptr || backbone->feature_width() < 1) {
    throw std::invalid_argument(
        fmt::format("model '{}': what was registered should make a backbone with features, made {}",
                    config.name, backbone == nullptr ? "nothing" : "one without"));
  }
  return backbone;
}

}  // namespace

void ModelConfig::visit(ConfigVisitor& visitor) {
  visitor.field("name", name);
  visitor.field("width", width);
  visitor.field("norm", norm);
  visitor.field("stem", stem);
}

bool Backbone::initialise_layer(torch::nn::Module&, const std::string&, std::uint64_t) {
  return false;
}

std::shared_ptr<Backbone> make_backbone(const ModelConfig& config, const ImageShape& shape) {
  const KnownBackbone known = known_backbone(config.name);
  const ModelConfig resolved = checked(config, shape, known.kind);
  if (known.kind.make) {
    return made(known.kind, resolved, shape);
  }
  MadeLayers layers;
  auto backbone = known.build(layers, resolved, shape);
  layers.register_in(*backbone);
  return backbone;
}

std::optional<TensorForms> known_tensors(const ModelConfig& config, const ImageShape& shape,
                                         std::int64_t classes) {
  const KnownBackbone known = known_backbone(config.name);
  const ModelConfig resolved = checked(config, shape, known.kind);
  if (known.kind.make) {
    return std::nullopt;
  }
  NotedLayers layers;
  const auto backbone = known.build(layers, resolved, shape);
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
