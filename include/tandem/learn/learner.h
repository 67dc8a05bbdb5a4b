#pragma once

#include <torch/types.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tandem/learn/optimizer.h"
#include "tandem/learn/train_config.h"
#include "tandem/loss/loss.h"
#include "tandem/model/model.h"
#include "tandem/view/batch_source.h"

namespace tandem {

/// A model in training: weights, optimiser and loss. It knows one step, and nothing of where
/// batches and targets come from.
class Learner {
 public:
  Learner(std::shared_ptr<Model> model, Loss loss, const TrainConfig& config);

  /// Learns from one batch at learning rate `rate`; the terms are those before the step.
  LossTerms step(const Batch& batch, const Target& target, double rate);

  Model& model() { return *model_; }
  std::shared_ptr<Model> shared_model() const { return model_; }
  torch::Device device() const { return device_; }

  /// Weights, buffers and optimiser state by name: what exact resume needs, since every random draw
  /// is a function of the step.
  std::map<std::string, torch::Tensor> state() const;
  void load_state(const std::map<std::string, torch::Tensor>& state, const std::string& source);

 private:
  std::shared_ptr<Model> model_;
  Loss loss_;
  torch::Device device_;
  Optimizer optimizer_;
};

/// The device that `text` names, the value of `key`. Throws std::invalid_argument for an unknown
/// one, std::runtime_error for cuda where this LibTorch or machine has none.
torch::Device parse_device(const std::string& text, std::string_view key);

}  // namespace tandem
