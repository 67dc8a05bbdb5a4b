#pragma once

#include <torch/nn/module.h>

#include <cstdint>

namespace tandem {

/// Draws all parameters anew: convolutions normal with variance 2 / fan-out (He et al.,
/// arXiv:1502.01852) and bias 0, linear layers and their biases uniform in +-1/sqrt(fan-in)
/// (PyTorch's default), normalisation layers weight 1, bias 0 and fresh statistics. Each parameter
/// has a stream of its own, named by `seed` (Stream::kInit) and the parameter's name, so what else
/// a model holds (a wider target head, say) changes nothing. Throws std::invalid_argument for a
/// layer of any other type that has parameters.
void initialise(torch::nn::Module& module, std::uint64_t seed);

}  // namespace tandem
