#include "layers.h"

#include <memory>
#include <string_view>
#include <utility>

namespace tandem {
namespace {

/// Registers `layer` below `tree` under its dotted name. A part of the name that is not there yet
/// becomes a module of its own, which holds what comes below it.
template <typename Layer>
Layer register_below(torch::nn::Module& tree, std::string_view name, Layer layer) {
  torch::nn::Module* parent = &tree;
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    const std::string part(name.substr(0, dot));
    const auto children = parent->named_children();
    const auto* child = children.find(part);
    parent = child != nullptr
                 ? child->get()
                 : parent->register_module(part, std::make_shared<torch::nn::Module>()).get();
    name.remove_prefix(dot + 1);
  }
  return parent->register_module(std::string(name), std::move(layer));
}

}  // namespace

torch::nn::Conv2d MadeLayers::convolution(const std::string& name, const ConvolutionForm& form) {
  return register_below(tree_, name,
                        torch::nn::Conv2d(torch::nn::Conv2dOptions(form.in, form.out, form.kernel)
                                              .stride(form.stride)
                                              .padding(form.kernel / 2)
                                              .bias(form.bias)));
}

torch::nn::BatchNorm2d MadeLayers::batch_norm(const std::string& name, std::int64_t width) {
  return register_below(tree_, name, torch::nn::BatchNorm2d(width));
}

torch::nn::InstanceNorm2d MadeLayers::instance_norm(const std::string& name, std::int64_t width) {
  return register_below(
      tree_, name, torch::nn::InstanceNorm2d(torch::nn::InstanceNorm2dOptions(width).affine(true)));
}

torch::nn::Linear MadeLayers::linear(const std::string& name, std::int64_t in, std::int64_t out) {
  return register_below(tree_, name, torch::nn::Linear(in, out));
}

void MadeLayers::register_in(torch::nn::Module& network) const {
  for (const auto& child : tree_.named_children()) {
    network.register_module(child.key(), child.value());
  }
}

void NotedLayers::note(const std::string& name, std::vector<std::int64_t> shape) {
  tensors_[name] = {torch::kFloat32, std::move(shape)};
}

torch::nn::Conv2d NotedLayers::convolution(const std::string& name, const ConvolutionForm& form) {
  note(name + ".weight", {form.out, form.in, form.kernel, form.kernel});
  if (form.bias) {
    note(name + ".bias", {form.out});
  }
  return nullptr;
}

torch::nn::BatchNorm2d NotedLayers::batch_norm(const std::string& name, std::int64_t width) {
  for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) {
    note(name + part, {width});
  }
  tensors_[name + ".num_batches_tracked"] = {torch::kInt64, {}};
  return nullptr;
}

torch::nn::InstanceNorm2d NotedLayers::instance_norm(const std::string& name, std::int64_t width) {
  note(name + ".weight", {width});
  note(name + ".bias", {width});
  return nullptr;
}

torch::nn::Linear NotedLayers::linear(const std::string& name, std::int64_t in, std::int64_t out) {
  note(name + ".weight", {out, in});
  note(name + ".bias", {out});
  return nullptr;
}

}  // namespace tandem
