#include "tandem/model/initialise.h"

#include <fmt/format.h>
#include <torch/nn/functional/instancenorm.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "tandem/core/fingerprint.h"
#include "tandem/core/key.h"
#include "tandem/model/model.h"

namespace tandem {
namespace {

/// Fills `parameter` with what `draw` makes of the stream of the parameter called `name`.
template <typename Draw>
void fill(const torch::Tensor& parameter, std::uint64_t seed, const std::string& name, Draw draw) {
  const at::NoGradGuard no_grad;
  const auto index = static_cast<std::uint32_t>(fingerprint_of(name).low);
  RandomStream random({.seed = seed, .stream = Stream::kInit, .epoch = 0, .index = index});
  torch::Tensor values = torch::empty(parameter.sizes(), torch::kFloat32);
  float* value = values.data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    value[i] = static_cast<float>(draw(random));
  }
  parameter.copy_(values);
}

/// Whether `layer` is a normalisation of one of these types, which then is as new.
template <typename... Norms>
bool reset_norm(torch::nn::Module& layer) {
  const auto reset = [](auto* norm) {
    if (norm != nullptr) {
      norm->reset_parameters();
    }
    return norm != nullptr;
  };
  return (reset(layer.as<Norms>()) || ...);
}

/// Whether there is a rule for the layer.
bool initialise_by_rule(torch::nn::Module& layer, const std::string& prefix, std::uint64_t seed) {
  if (auto* conv = layer.as<torch::nn::Conv2dImpl>()) {
    const double fan_out = static_cast<double>(conv->weight[0][0].numel() * conv->weight.size(0));
    draw_normal(conv->weight, std::sqrt(2.0 / fan_out), seed, prefix + "weight");
    if (conv->bias.defined()) {
      conv->bias.zero_();
    }
    return true;
  }
  if (auto* linear = layer.as<torch::nn::LinearImpl>()) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(linear->weight.size(1)));
    draw_uniform(linear->weight, bound, seed, prefix + "weight");
    if (linear->bias.defined()) {
      draw_uniform(linear->bias, bound, seed, prefix + "bias");
    }
    return true;
  }
  return reset_norm<torch::nn::BatchNorm1dImpl, torch::nn::BatchNorm2dImpl,
                    torch::nn::InstanceNorm1dImpl, torch::nn::InstanceNorm2dImpl,
                    torch::nn::GroupNormImpl, torch::nn::LayerNormImpl>(layer);
}

/// `backbone` is asked first; it may be null.
void initialise_tree(torch::nn::Module& layer, const std::string& prefix, std::uint64_t seed,
                     Backbone* backbone) {
  const bool has_parameters = !layer.named_parameters(/*recurse=*/false).is_empty();
  const bool has_state = has_parameters || !layer.named_buffers(/*recurse=*/false).is_empty();
  if (has_state && !(backbone != nullptr && backbone->initialise_layer(layer, prefix, seed)) &&
      !initialise_by_rule(layer, prefix, seed) && has_parameters) {
    throw std::invalid_argument(
        fmt::format("initialise: no rule for the parameters of '{}' ({}); a backbone can draw them "
                    "itself, in initialise_layer",
                    prefix, layer.name()));
  }
  for (const auto& child : layer.named_children()) {
    initialise_tree(*child.value(), prefix + child.key() + ".", seed, backbone);
  }
}

}  // namespace

void initialise(torch::nn::Module& module, std::uint64_t seed) {
  const at::NoGradGuard no_grad;
  auto* model = module.as<Model>();
  if (model == nullptr) {
    initialise_tree(module, "", seed, module.as<Backbone>());
    return;
  }
  initialise_tree(model->backbone(), "", seed, &model->backbone());
  const auto of_backbone = model->backbone().named_children();
  for (const auto& child : model->named_children()) {
    if (!of_backbone.contains(child.key())) {  // a head
      initialise_tree(*child.value(), child.key() + ".", seed, nullptr);
    }
  }
}

void draw_normal(const torch::Tensor& parameter, double stddev, std::uint64_t seed,
                 const std::string& name) {
  fill(parameter, seed, name, [=](RandomStream& random) { return stddev * random.normal(); });
}

void draw_uniform(const torch::Tensor& parameter, double bound, std::uint64_t seed,
                  const std::string& name) {
  fill(parameter, seed, name,
       [=](RandomStream& random) { return bound * (2.0 * random.uniform() - 1.0); });
}

}  // namespace tandem
