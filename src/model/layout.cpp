#include "tandem/model/layout.h"

#include <torch/types.h>

namespace tandem {

void use_fast_layout(Model& model) {
  if (model.config().norm == "instance") {
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
