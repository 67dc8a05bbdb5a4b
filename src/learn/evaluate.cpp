#include "tandem/learn/evaluate.h"

#include <algorithm>

namespace tandem {
namespace {

constexpr std::int64_t kSamplesAtOnce = 250;

}  // namespace

Metrics evaluate(Model& model, const Dataset& dataset, const Normalisation& normalisation,
                 torch::Device device) {
  const at::NoGradGuard no_grad;
  const bool was_training = model.is_training();
  model.eval();
  std::int64_t correct = 0;
  double loss = 0;
  for (std::int64_t first = 0; first < dataset.size(); first += kSamplesAtOnce) {
    const std::int64_t count = std::min(kSamplesAtOnce, dataset.size() - first);
    const torch::Tensor images = normalise(dataset.images(first, count), normalisation).to(device);
    const torch::Tensor labels = dataset.labels().narrow(0, first, count);
    const torch::Tensor logits = model.forward(images).to(torch::kCPU);
    correct += logits.argmax(1).eq(labels).sum().item<std::int64_t>();
    loss += torch::nll_loss(torch::log_softmax(logits, 1), labels, {}, torch::Reduction::Sum)
                .item<double>();
  }
  model.train(was_training);
  const double size = static_cast<double>(dataset.size());
  return {100.0 * static_cast<double>(correct) / size, loss / size};
}

}  // namespace tandem
