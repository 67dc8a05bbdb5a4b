#include "tandem/loss/target_loss.h"

namespace tandem {

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

}  // namespace tandem
