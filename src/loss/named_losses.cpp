#include "named_losses.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <utility>

#include "tandem/core/registry.h"
#include "tandem/loss/target_loss.h"

namespace tandem {
namespace {

Registry<TargetLoss> own_losses() {
  Registry<TargetLoss> registry("target loss");
  registry.add("cross-entropy", {[](const torch::Tensor& prediction, const Target& target) {
                                   return soft_cross_entropy(prediction, target.values);
                                 },
                                 true});
  registry.add("kl", {[](const torch::Tensor& prediction, const Target& target) {
                        return kl_divergence(prediction, target.values, target.temperature);
                      },
                      true});
  registry.add("mse", {[](const torch::Tensor& prediction, const Target& target) {
                         return mean_squared_error(prediction, target.values);
                       },
                       false});
  registry.add("cosine", {[](const torch::Tensor& prediction, const Target& target) {
                            return cosine_distance(prediction, target.values);
                          },
                          false});
  return registry;
}

Registry<TargetLoss>& losses() {
  static Registry<TargetLoss> registry = own_losses();
  return registry;
}

}  // namespace

void register_target_loss(const std::string& name, TargetLoss loss) {
  if (name == kContentsOwnLoss || !loss.value) {
    throw std::invalid_argument(
        fmt::format("register_target_loss: '{}' needs a name other than '{}', and a value", name,
                    kContentsOwnLoss));
  }
  losses().add(name, std::move(loss));
}

std::string_view default_target_loss(Content content) {
  switch (content) {
    case Content::kOneHot:
    case Content::kSmoothed:
      return "cross-entropy";
    case Content::kProbs:
      return "kl";
    case Content::kLogits:
      return "mse";
    case Content::kFeatures:
      return "cosine";
  }
  throw std::invalid_argument("default_target_loss: unknown content");
}

void check_target_loss(std::string_view name, Content content) {
  if (losses().at(name).wants_probabilities && !is_distribution(content)) {
    throw std::invalid_argument(
        fmt::format("loss.target = '{}' needs probabilities, the target's content is '{}'", name,
                    text_of(content)));
  }
}

torch::Tensor target_loss(std::string_view name, const torch::Tensor& prediction,
                          const Target& target) {
  if (prediction.sizes() != target.values.sizes()) {
    throw std::invalid_argument(fmt::format("target_loss: prediction is [{}], the target [{}]",
                                            fmt::join(prediction.sizes(), ", "),
                                            fmt::join(target.values.sizes(), ", ")));
  }
  check_target_loss(name, target.content);
  const torch::Tensor loss = losses().at(name).value(prediction, target);
  if (loss.dim() != 0) {
    throw std::invalid_argument(fmt::format("target_loss: '{}' should give a scalar, gave [{}]",
                                            name, fmt::join(loss.sizes(), ", ")));
  }
  return loss;
}

}  // namespace tandem
