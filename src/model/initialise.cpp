#include "tandem/model/initialise.h"

#include <fmt/format.h>
#include <torch/nn/functional/instancenorm.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/nn/modules/linear.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "tandem/core/fingerprint.h"
#include "tandem/core/key.h"

namespace tandem {
namespace {

/// The stream of the parameter called `name`.
RandomStream stream_of(std::uint64_t seed, const std::string& name) {
  const auto index = static_cast<std::uint32_t>(fingerprint_of(name).low);
  return RandomStream({.seed = seed, .stream = Stream::kInit, .epoch = 0, .index = index});
}

/// Fills `parameter`, whatever its device, layout and dtype, in the order of its elements.
template <typename Draw>
void fill(const torch::Tensor& parameter, Draw draw) {
  torch::Tensor values = torch::empty(parameter.sizes(), torch::kFloat32);
  float* value = values.data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    value[i] = static_cast<float>(draw());
  }
  parameter.copy_(values);
}

void fill_normal(const torch::Tensor& parameter, double stddev, RandomStream random) {
  fill(parameter, [&] { return stddev * random.normal(); });
}

void fill_uniform(const torch::Tensor& parameter, double bound, RandomStream random) {
  fill(parameter, [&] { return bound * (2.0 * random.uniform() - 1.0); });
}

void initialise_tree(torch::nn::Module& module, const std::string& prefix, std::uint64_t seed) {
  if (auto* conv = module.as<torch::nn::Conv2dImpl>()) {
    const double fan_out = static_cast<double>(conv->weight[0][0].numel() * conv->weight.size(0));
    fill_normal(conv->weight, std::sqrt(2.0 / fan_out), stream_of(seed, prefix + "weight"));
    if (conv->bias.defined()) {
      conv->bias.zero_();
    }
  } else if (auto* linear = module.as<torch::nn::LinearImpl>()) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(linear->weight.size(1)));
    fill_uniform(linear->weight, bound, stream_of(seed, prefix + "weight"));
    if (linear->bias.defined()) {
      fill_uniform(linear->bias, bound, stream_of(seed, prefix + "bias"));
    }
  } else if (auto* batch_norm = module.as<torch::nn::BatchNorm2dImpl>()) {
    batch_norm->reset_parameters();
  } else if (auto* instance_norm = module.as<torch::nn::InstanceNorm2dImpl>()) {
    instance_norm->reset_parameters();
  } else if (module.named_parameters(/*recurse=*/false).is_empty()) {
    for (const auto& child : module.named_children()) {
      initialise_tree(*child.value(), prefix + child.key() + ".", seed);
    }
  } else {
    throw std::invalid_argument(
        fmt::format("initialise: no rule for the parameters of '{}' ({})", prefix, module.name()));
  }
}

}  // namespace

void initialise(torch::nn::Module& module, std::uint64_t seed) {
  const at::NoGradGuard no_grad;
  initialise_tree(module, "", seed);
}

}  // namespace tandem
