#include "tandem/learn/optimizer.h"

#include <fmt/format.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

#include <sstream>
#include <stdexcept>
#include <type_traits>

namespace tandem {
namespace {

using torch::optim::AdamWOptions;
using torch::optim::AdamWParamState;
using torch::optim::SGDOptions;
using torch::optim::SGDParamState;

constexpr std::string_view kMomentum = ".momentum";
constexpr std::string_view kFirstMoment = ".first_moment";
constexpr std::string_view kSecondMoment = ".second_moment";
constexpr std::string_view kSteps = ".steps";

using StateKey = std::decay_t<decltype(std::declval<torch::optim::Optimizer>().state())>::key_type;

/// Key of a parameter's state: LibTorch 1.x names it by the text of its address, 2.x by the
/// address.
template <typename Key>
Key state_key_as(void* address) {
  if constexpr (std::is_same_v<Key, std::string>) {
    std::ostringstream text;
    text << address;
    return text.str();
  } else {
    return address;
  }
}

StateKey state_key(const torch::Tensor& parameter) {
  return state_key_as<StateKey>(parameter.unsafeGetTensorImpl());
}

/// `values` on the device and in the memory layout of `parameter`, where kernels expect them.
torch::Tensor laid_out_as(const torch::Tensor& parameter, const torch::Tensor& values,
                          const std::string& name, const std::string& source) {
  if (!values.defined() || values.sizes() != parameter.sizes() ||
      values.scalar_type() != parameter.scalar_type()) {
    throw std::runtime_error(
        fmt::format("{}: optimiser state: expected moments of the form of '{}', found {}", source,
                    name, values.defined() ? "others" : "none"));
  }
  return torch::empty_like(parameter.detach()).copy_(values);
}

std::int64_t steps_in(const torch::Tensor& steps, const std::string& name,
                      const std::string& source) {
  if (!steps.defined() || steps.scalar_type() != torch::kInt64 || steps.numel() != 1) {
    throw std::runtime_error(
        fmt::format("{}: optimiser state: expected the steps of '{}', found none", source, name));
  }
  return steps.item<std::int64_t>();
}

std::unique_ptr<torch::optim::Optimizer> make(const TrainConfig& config,
                                              const std::vector<torch::Tensor>& parameters) {
  if (config.optimizer == "sgd") {
    return std::make_unique<torch::optim::SGD>(parameters, SGDOptions(config.rate)
                                                               .momentum(config.momentum)
                                                               .nesterov(config.momentum > 0)
                                                               .weight_decay(config.weight_decay));
  }
  if (config.optimizer == "adamw") {
    return std::make_unique<torch::optim::AdamW>(
        parameters, AdamWOptions(config.rate).weight_decay(config.weight_decay));
  }
  throw std::invalid_argument(
      fmt::format("train.optimizer: expected sgd or adamw, got '{}'", config.optimizer));
}

}  // namespace

Optimizer::Optimizer(const TrainConfig& config, const torch::nn::Module& module) {
  for (const auto& item : module.named_parameters()) {
    parameters_.emplace(item.key(), item.value());
  }
  optimizer_ = make(config, module.parameters());
}

void Optimizer::zero_grad() {
  optimizer_->zero_grad();
}

void Optimizer::step(double rate) {
  for (torch::optim::OptimizerParamGroup& group : optimizer_->param_groups()) {
    group.options().set_lr(rate);
  }
  optimizer_->step();
}

std::map<std::string, torch::Tensor> Optimizer::state() const {
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& [name, parameter] : parameters_) {
    const auto found = optimizer_->state().find(state_key(parameter));
    if (found == optimizer_->state().end()) {
      continue;
    }
    if (const auto* sgd = dynamic_cast<const SGDParamState*>(found->second.get())) {
      if (sgd->momentum_buffer().defined()) {
        tensors[name + std::string(kMomentum)] = sgd->momentum_buffer();
      }
    } else if (const auto* adamw = dynamic_cast<const AdamWParamState*>(found->second.get())) {
      tensors[name + std::string(kFirstMoment)] = adamw->exp_avg();
      tensors[name + std::string(kSecondMoment)] = adamw->exp_avg_sq();
      tensors[name + std::string(kSteps)] = torch::tensor(adamw->step(), torch::kInt64);
    }
  }
  return tensors;
}

void Optimizer::load_state(const std::map<std::string, torch::Tensor>& state,
                           const std::string& source) {
  std::size_t used = 0;
  const auto find = [&](const std::string& name, std::string_view part) {
    const auto found = state.find(name + std::string(part));
    if (found == state.end()) {
      return torch::Tensor();
    }
    ++used;
    return found->second;
  };
  for (const auto& [name, parameter] : parameters_) {
    if (torch::Tensor momentum = find(name, kMomentum); momentum.defined()) {
      auto sgd = std::make_unique<SGDParamState>();
      sgd->momentum_buffer(laid_out_as(parameter, momentum, name, source));
      optimizer_->state()[state_key(parameter)] = std::move(sgd);
    } else if (torch::Tensor first = find(name, kFirstMoment); first.defined()) {
      auto adamw = std::make_unique<AdamWParamState>();
      adamw->exp_avg(laid_out_as(parameter, first, name, source));
      adamw->exp_avg_sq(laid_out_as(parameter, find(name, kSecondMoment), name, source));
      adamw->step(steps_in(find(name, kSteps), name, source));
      optimizer_->state()[state_key(parameter)] = std::move(adamw);
    }
  }
  if (used != state.size()) {
    throw std::runtime_error(
        fmt::format("{}: optimiser state: {} of {} tensors belong to no parameter of this model",
                    source, state.size() - used, state.size()));
  }
}

}  // namespace tandem
