#pragma once

#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>

#include <map>
#include <memory>
#include <string>

#include "tandem/learn/train_config.h"

namespace tandem {

/// A LibTorch optimiser over named parameters, whose state is tensors with names, so that it can
/// stand in a safetensors file beside the weights.
class Optimizer {
 public:
  /// SGD with Nesterov momentum or AdamW, as `config` says; every parameter decays alike. Throws
  /// std::invalid_argument for an unknown optimiser.
  Optimizer(const TrainConfig& config, const torch::nn::Module& module);

  void zero_grad();

  /// One step at learning rate `rate`.
  void step(double rate);

  /// Moments and counters; parameters that never had a gradient have none.
  std::map<std::string, torch::Tensor> state() const;

  /// Takes what state() gave. Throws std::runtime_error that starts with `source` for names of
  /// other parameters and for tensors of another form.
  void load_state(const std::map<std::string, torch::Tensor>& state, const std::string& source);

 private:
  std::map<std::string, torch::Tensor> parameters_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

}  // namespace tandem
