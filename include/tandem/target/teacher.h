#pragma once

#include <torch/types.h>

#include <filesystem>
#include <memory>

#include "tandem/core/fingerprint.h"
#include "tandem/model/weights.h"
#include "tandem/target/target.h"

namespace tandem {

/// What a teacher says of n images.
struct Answer {
  torch::Tensor logits;    ///< fp32 [n, classes]
  torch::Tensor features;  ///< fp32 [n, feature width], penultimate layer
};

/// A model that answers views. It normalises pixels itself, since it may have been trained with
/// other statistics than the student.
class Teacher {
 public:
  virtual ~Teacher() = default;

  /// `pixels` uint8 [n, channels, height, width] on the CPU; the answer is on the CPU, detached.
  virtual Answer answer(const torch::Tensor& pixels) = 0;
  virtual std::int64_t class_count() const = 0;
  virtual std::int64_t feature_width() const = 0;
  virtual const Fingerprint& fingerprint() const = 0;
};

/// A checkpoint as teacher, in evaluation mode.
class ModelTeacher : public Teacher {
 public:
  explicit ModelTeacher(TrainedModel trained, torch::Device device = torch::kCPU);

  Answer answer(const torch::Tensor& pixels) override;
  std::int64_t class_count() const override { return trained_.model->class_count(); }
  std::int64_t feature_width() const override { return trained_.model->feature_width(); }
  const Fingerprint& fingerprint() const override { return trained_.fingerprint; }

 private:
  TrainedModel trained_;
  torch::Device device_;
};

/// The part of an answer that `content` asks for, [n, width]; probs are softmax(logits / T).
/// Throws std::invalid_argument for content that no teacher gives.
torch::Tensor content_of(const Answer& answer, Content content, double temperature);

}  // namespace tandem
