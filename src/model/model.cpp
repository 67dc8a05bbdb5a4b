#include "tandem/model/model.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {
namespace {

constexpr const char* kClassifierName = "fc";
constexpr const char* kTargetHeadName = "target_head";

}  // namespace

Model::Model(const ModelConfig& config, const ImageShape& shape, const HeadWidths& widths)
    : config_(config),
      shape_(shape),
      class_count_(widths.classes),
      target_width_(widths.target),
      backbone_(make_backbone(config, shape)) {
  if (class_count_ < 1) {
    throw std::invalid_argument(
        fmt::format("model: expected at least 1 class, got {}", class_count_));
  }
  if (target_width_ < 0) {
    throw std::invalid_argument(fmt::format(
        "model: target width must be positive, or 0 for no target head; got {}", target_width_));
  }
  // The backbone itself stays unregistered and what it holds becomes this module's own, so that
  // names have no prefix. Devices, dtypes and gradients all live in those; see train().
  for (const auto& parameter : backbone_->named_parameters(/*recurse=*/false)) {
    register_parameter(parameter.key(), parameter.value(), parameter.value().requires_grad());
  }
  for (const auto& buffer : backbone_->named_buffers(/*recurse=*/false)) {
    register_buffer(buffer.key(), buffer.value());
  }
  for (const auto& child : backbone_->named_children()) {
    if (child.key() == kClassifierName || child.key() == kTargetHeadName) {
      throw std::invalid_argument(
          fmt::format("model '{}': a layer of a backbone cannot be called '{}', which is the name "
                      "of a head",
                      config.name, child.key()));
    }
    register_module(child.key(), child.value());
  }
  classifier_ = register_module(kClassifierName, torch::nn::Linear(feature_width(), class_count_));
  if (target_width_ > 0) {
    target_head_ =
        register_module(kTargetHeadName, torch::nn::Linear(feature_width(), target_width_));
  }
}

void Model::train(bool on) {
  Module::train(on);
  backbone_->train(on);  // it may ask is_training() itself
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

}  // namespace tandem
