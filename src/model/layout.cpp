#include "tandem/model/layout.h"

#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include <algorithm>

namespace tandem {
namespace {

constexpr std::int64_t kVectorChannels = 8;  // fp32 numbers in an AVX2 register

/// Whether a convolution must not see channels-last maps. The oneDNN of LibTorch 1.13 and of 2.6
/// finds the gradient of a strided 1x1 convolution's input in whole vectors of channels on
/// processors with AVX2: with fewer channels than a vector holds, it writes past the map's end and
/// corrupts the heap.
bool overruns_channels_last(const torch::nn::Conv2dImpl& convolution) {
  const auto& options = convolution.options;
  const auto is_one = [](std::int64_t extent) { return extent == 1; };
  return std::ranges::all_of(*options.kernel_size(), is_one) &&
         !std::ranges::all_of(*options.stride(), is_one) && options.in_channels() < kVectorChannels;
}

bool may_be_channels_last(Model& model) {
  return std::ranges::none_of(model.modules(/*include_self=*/false), [](const auto& module) {
    const auto* convolution = module->template as<torch::nn::Conv2d>();
    return convolution != nullptr && overruns_channels_last(*convolution);
  });
}

}  // namespace

void use_fast_layout(Model& model) {
  if (model.config().norm == "instance" || !may_be_channels_last(model)) {
    return;
  }
  const at::NoGradGuard no_grad;
  for (torch::Tensor& parameter : model.parameters()) {
    if (parameter.dim() == 4) {
      parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
    }
  }
}

}  // namespace tandem
