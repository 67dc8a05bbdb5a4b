#include "tandem/target/teacher.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/model/layout.h"

namespace tandem {

ModelTeacher::ModelTeacher(TrainedModel trained, torch::Device device)
    : trained_(std::move(trained)), device_(device) {
  trained_.model->eval();
  trained_.model->to(device_);
  use_fast_layout(*trained_.model);
}

Answer ModelTeacher::answer(const torch::Tensor& pixels) {
  const at::NoGradGuard no_grad;
  const torch::Tensor images = normalise(pixels, trained_.normalisation);
  const torch::Tensor features = trained_.model->features(images.to(device_));
  const torch::Tensor logits = trained_.model->classify(features);
  return {logits.to(torch::kCPU), features.to(torch::kCPU)};
}

torch::Tensor content_of(const Answer& answer, Content content, double temperature) {
  switch (content) {
    case Content::kProbs:
      return torch::softmax(answer.logits / temperature, 1);
    case Content::kLogits:
      return answer.logits;
    case Content::kFeatures:
      return answer.features;
    default:
      throw std::invalid_argument(
          fmt::format("content_of: a teacher does not give '{}'", text_of(content)));
  }
}

}  // namespace tandem
