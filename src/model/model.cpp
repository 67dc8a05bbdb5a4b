#include "tandem/model/model.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/number_text.h"

namespace tandem {

Model::Model(const ModelConfig& config, const ImageShape& shape, std::int64_t class_count,
             std::int64_t target_width)
    : config_(config),
      shape_(shape),
      class_count_(class_count),
      target_width_(target_width),
      backbone_(make_backbone(config, shape)) {
  if (class_count < 1) {
    throw std::invalid_argument(
        fmt::format("model: expected at least 1 class, got {}", class_count));
  }
  if (target_width < 0) {
    throw std::invalid_argument(fmt::format(
        "model: target width must be positive, or 0 for no target head; got {}", target_width));
  }
  // The backbone itself stays unregistered and its children become this module's own, so that their
  // names have no prefix. Modes, devices, dtypes and gradients all live in those children.
  for (const auto& child : backbone_->named_children()) {
    register_module(child.key(), child.value());
  }
  classifier_ = register_module("fc", torch::nn::Linear(feature_width(), class_count));
  if (target_width > 0) {
    target_head_ = register_module("target_head", torch::nn::Linear(feature_width(), target_width));
  }
}

torch::Tensor Model::classify_rows(const torch::Tensor& features) {
  std::vector<torch::Tensor> rows;
  rows.reserve(static_cast<std::size_t>(features.size(0)));
  for (const torch::Tensor& row : features.unbind(0)) {
    rows.push_back(torch::addmv(classifier_->bias, classifier_->weight, row));
  }
  return torch::stack(rows);
}

torch::Tensor Model::predict_target(const torch::Tensor& features) {
  if (target_head_.is_empty()) {
    throw std::invalid_argument("predict_target: this model was built without a target head");
  }
  return target_head_->forward(features);
}

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
