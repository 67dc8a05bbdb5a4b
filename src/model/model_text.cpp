#include "tandem/model/model_text.h"

#include <fmt/format.h>

#include "tandem/core/number_text.h"

namespace tandem {

std::int64_t parameter_count(const torch::nn::Module& module) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : module.parameters()) {
    count += parameter.requires_grad() ? parameter.numel() : 0;
  }
  return count;
}

std::string describe(const Model& model) {
  const ModelConfig& config = model.config();
  const std::string width = config.width > 0 ? fmt::format(" width {}", config.width) : "";
  return fmt::format("{}{}, {} parameters", config.name, width, grouped(parameter_count(model)));
}

}  // namespace tandem
