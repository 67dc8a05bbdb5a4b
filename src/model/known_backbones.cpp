#include "known_backbones.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "architectures.h"
#include "resnet_form.h"
#include "tandem/core/registry.h"

namespace tandem {
namespace {

/// The networks for CIFAR are narrow and have but one stem.
KnownBackbone resnet(const ResNetForm& form, bool for_cifar) {
  const auto build = [=](Layers& layers, const ModelConfig& config, const ImageShape& shape) {
    return make_resnet(layers, config, shape, form);
  };
  if (for_cifar) {
    return {{.default_width = 16}, build};
  }
  return {{.default_width = 64, .stems = {"cifar", "imagenet"}}, build};
}

Registry<KnownBackbone> own_backbones() {
  Registry<KnownBackbone> registry("model");
  registry.add("convnet3",
               {{.default_width = 128, .norms = {"batch", "instance", "none"}}, make_convnet3});
  registry.add("mlp", {{.default_width = 256}, make_mlp});
  for (const auto& [name, form] : named_resnets()) {
    registry.add(name, resnet(form, /*for_cifar=*/form.blocks.size() == 3));
  }
  return registry;
}

Registry<KnownBackbone>& known_backbones() {
  static Registry<KnownBackbone> registry = own_backbones();
  return registry;
}

}  // namespace

KnownBackbone known_backbone(const std::string& name) {
  if (const auto form = parse_resnet_form(name)) {
    return resnet(*form, /*for_cifar=*/false);
  }
  return known_backbones().at(name);
}

void register_backbone(const std::string& name, BackboneKind kind) {
  if (!kind.make || kind.default_width < 1 || kind.default_width > kMaxWidth) {
    throw std::invalid_argument(fmt::format(
        "register_backbone: '{}' needs a function that makes it and a default width of 1..{}, got "
        "{} and {}",
        name, kMaxWidth, kind.make ? "one" : "none", kind.default_width));
  }
  if (parse_resnet_form(name)) {
    throw std::invalid_argument(
        fmt::format("register_backbone: '{}' is the name of a ResNet already", name));
  }
  known_backbones().add(name, {std::move(kind), nullptr});
}

std::vector<std::string> model_names() {
  return known_backbones().names();
}

}  // namespace tandem
