#include "tandem/target/teacher_model.h"

#include <fmt/format.h>

#include "tandem/model/layout.h"

namespace tandem {
namespace {

TeacherInput input_of(const TrainedModel& trained) {
  return {.name = fmt::format("teacher '{}'", trained.model->config().name),
          .shape = trained.model->image_shape(),
          .normalisation = trained.normalisation};
}

/// A model that sees its images as they are is identified by its weights alone.
Fingerprint fingerprint_with_size(const Fingerprint& weights, std::int64_t image_size) {
  return image_size == 0 ? weights
                         : Fingerprinter().text(weights.hex()).number(image_size).digest();
}

}  // namespace

ModelTeacher::ModelTeacher(TrainedModel trained, torch::Device device)
    : ModelTeacher(trained, input_of(trained), device) {}

ModelTeacher::ModelTeacher(TrainedModel trained, TeacherInput input, torch::Device device)
    : NetworkTeacher(
          std::move(input), device,
          {.classes = trained.model->class_count(), .features = trained.model->feature_width()}),
      trained_(std::move(trained)),
      fingerprint_(
          fingerprint_with_size(trained_.fingerprint, NetworkTeacher::input().image_size)) {
  trained_.model->eval();
  trained_.model->to(device);
  use_fast_layout(*trained_.model);
}

std::optional<std::string> ModelTeacher::trained_on() const {
  const auto note = trained_.metadata.find(kTrainedOnNote);
  return note == trained_.metadata.end() ? std::nullopt : std::optional(note->second);
}

std::string ModelTeacher::remark() const {
  const auto note = trained_.metadata.find(kRemarkNote);
  return note == trained_.metadata.end() ? "" : note->second;
}

NetworkTeacher::Outputs ModelTeacher::forward(const torch::Tensor& images) {
  const torch::Tensor features = trained_.model->features(images);
  return {trained_.model->classify_rows(features), features};
}

}  // namespace tandem
