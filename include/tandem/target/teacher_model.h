#pragma once

#include "tandem/model/weights.h"
#include "tandem/target/teacher_network.h"

namespace tandem {

/// A trained network of Tandem's own kinds as teacher, in evaluation mode.
class ModelTeacher : public NetworkTeacher {
 public:
  /// As its checkpoint says.
  explicit ModelTeacher(TrainedModel trained, torch::Device device = torch::kCPU);

  /// With pixels prepared by `input`, whose images, when resized, are the model's.
  ModelTeacher(TrainedModel trained, TeacherInput input, torch::Device device);

  const Fingerprint& fingerprint() const override { return fingerprint_; }
  std::optional<std::string> trained_on() const override;
  std::string remark() const override;

 private:
  Outputs forward(const torch::Tensor& images) override;

  TrainedModel trained_;
  Fingerprint fingerprint_;
};

}  // namespace tandem
