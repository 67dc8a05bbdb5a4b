#include "tandem/loss/target_loss.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

#include "tandem/core/registry.h"

namespace tandem {
namespace {

struct NamedLoss {
  torch::Tensor (*value)(const torch::Tensor& prediction, const Target& target);
  bool wants_probabilities;
};

bool is_distribution(Content content) {
  return content == Content::kOneHot || content == Content::kSmoothed || content == Content::kProbs;
}

const Registry<NamedLoss>& losses() {
  static const Registry<NamedLoss> registry = [] {
    Registry<NamedLoss> known("target loss");
    known.add("cross-entropy", {[](const torch::Tensor& prediction, const Target& target) {
                                  return soft_cross_entropy(prediction, target.values);
                                },
                                true});
    known.add("kl", {[](const torch::Tensor& prediction, const Target& target) {
                       return kl_divergence(prediction, target.values, target.temperature);
                     },
                     true});
    known.add("mse", {[](const torch::Tensor& prediction, const Target& target) {
                        return mean_squared_error(prediction, target.values);
                      },
                      false});
    known.add("cosine", {[](const torch::Tensor& prediction, const Target& target) {
                           return cosine_distance(prediction, target.values);
                         },
                         false});
    return known;
  }();
  return registry;
}

}  // namespace

torch::Tensor soft_cross_entropy(const torch::Tensor& prediction, const torch::Tensor& probs) {
  return -(probs * torch::log_softmax(prediction, 1)).sum(1).mean();
}

torch::Tensor kl_divergence(const torch::Tensor& prediction, const torch::Tensor& probs,
                            double temperature) {
  const torch::Tensor log_predicted = torch::log_softmax(prediction / temperature, 1);
  // xlogy takes 0 log 0 as 0, so one-hot targets are fine.
  const torch::Tensor divergence = (torch::xlogy(probs, probs) - probs * log_predicted).sum(1);
  return temperature * temperature * divergence.mean();
}

torch::Tensor mean_squared_error(const torch::Tensor& prediction, const torch::Tensor& values) {
  return torch::mse_loss(prediction, values);
}

torch::Tensor cosine_distance(const torch::Tensor& prediction, const torch::Tensor& values) {
  return (1 - torch::cosine_similarity(prediction, values, 1)).mean();
}

torch::Tensor hard_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels) {
  return labels.is_floating_point() ? soft_cross_entropy(logits, labels)
                                    : torch::nll_loss(torch::log_softmax(logits, 1), labels);
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
  return losses().at(name).value(prediction, target);
}

}  // namespace tandem
