#include "tandem/learn/learner.h"

#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <stdexcept>

#include "tandem/model/layout.h"
#include "tandem/model/weights.h"

namespace tandem {
namespace {

constexpr std::string_view kDeviceKey = "train.device";
constexpr std::string_view kModelPrefix = "model.";
constexpr std::string_view kOptimizerPrefix = "optimizer.";

std::shared_ptr<Model> prepare(std::shared_ptr<Model> model, torch::Device device) {
  model->to(device);
  use_fast_layout(*model);
  model->train();
  return model;
}

}  // namespace

Learner::Learner(std::shared_ptr<Model> model, Loss loss, const TrainConfig& config)
    : model_(prepare(std::move(model), parse_device(config.device, kDeviceKey))),
      loss_(std::move(loss)),
      device_(parse_device(config.device, kDeviceKey)),
      optimizer_(config, *model_) {}

LossTerms Learner::step(const Batch& batch, const Target& target, double rate) {
  Target moved = target;
  moved.values = target.values.to(device_);
  optimizer_.zero_grad();
  const Prediction prediction = loss_.predict(*model_, batch.images.to(device_));
  const torch::Tensor labels =
      batch.mixed() ? batch.class_shares(prediction.classes.size(1)) : batch.labels;
  LossTerms terms = loss_(prediction, moved, labels.to(device_));
  terms.total.backward();
  optimizer_.step(rate);
  return terms;
}

std::map<std::string, torch::Tensor> Learner::state() const {
  std::map<std::string, torch::Tensor> tensors;
  for (auto& [name, tensor] : state_of(*model_)) {
    tensors[std::string(kModelPrefix) + name] = tensor;
  }
  for (auto& [name, tensor] : optimizer_.state()) {
    tensors[std::string(kOptimizerPrefix) + name] = tensor;
  }
  return tensors;
}

void Learner::load_state(const std::map<std::string, torch::Tensor>& state,
                         const std::string& source) {
  std::map<std::string, torch::Tensor> weights, moments;
  for (const auto& [name, tensor] : state) {
    if (name.starts_with(kModelPrefix)) {
      weights[name.substr(kModelPrefix.size())] = tensor;
    } else if (name.starts_with(kOptimizerPrefix)) {
      moments[name.substr(kOptimizerPrefix.size())] = tensor;
    }
  }
  tandem::load_state(*model_, weights, source);
  optimizer_.load_state(moments, source);
}

torch::Device parse_device(const std::string& text, std::string_view key) {
  if (text != "cpu" && text != "cuda" && !text.starts_with("cuda:")) {
    throw std::invalid_argument(
        fmt::format("{}: expected cpu, cuda or cuda:N, got '{}'", key, text));
  }
  if (text != "cpu" && !torch::cuda::is_available()) {
    throw std::runtime_error(
        fmt::format("{} = '{}': this LibTorch ({}) sees no CUDA device", key, text, TORCH_VERSION));
  }
  return torch::Device(text);
}

}  // namespace tandem
