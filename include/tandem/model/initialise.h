#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <string>

namespace tandem {

/// Draws all parameters anew: convolutions normal with variance 2 / fan-out (He et al.,
/// arXiv:1502.01852) and bias 0, linear layers and their biases uniform in +-1/sqrt(fan-in)
/// (PyTorch's default), normalisation layers (batch, instance, group, layer) weight 1, bias 0 and
/// fresh statistics. Each parameter has a stream of its own, named by `seed` (Stream::kInit) and
/// the parameter's name, so what else a model holds (a wider target head, say) changes nothing. A
/// backbone, also that of a Model, is asked first for its layers: Backbone::initialise_layer.
/// Throws std::invalid_argument for any other layer that has parameters.
void initialise(torch::nn::Module& module, std::uint64_t seed);

/// For layers that draw their own parameters (see Backbone::initialise_layer): fills `parameter`,
/// whatever its device and layout, in the order of its elements, from the stream that `seed` and
/// `name` give.
void draw_normal(const torch::Tensor& parameter, double stddev, std::uint64_t seed,
                 const std::string& name);

/// The same, uniform in +-bound.
void draw_uniform(const torch::Tensor& parameter, double bound, std::uint64_t seed,
                  const std::string& name);

}  // namespace tandem
