#pragma once

#include <memory>
#include <utility>

#include "tandem/target/projection.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// A teacher whose features are reduced; all else it answers as it is.
class ReducedTeacher : public Teacher {
 public:
  ReducedTeacher(std::shared_ptr<Teacher> teacher, Projection projection)
      : teacher_(std::move(teacher)), projection_(std::move(projection)) {}

  torch::Tensor answer(const torch::Tensor& pixels, Content content, double temperature) override {
    const torch::Tensor whole = teacher_->answer(pixels, content, temperature);
    return content == Content::kFeatures ? project(whole, projection_) : whole;
  }
  std::int64_t width(Content content) const override {
    return content == Content::kFeatures ? projection_.basis.size(0) : teacher_->width(content);
  }
  std::int64_t class_count() const override { return teacher_->class_count(); }
  const Fingerprint& fingerprint() const override { return teacher_->fingerprint(); }
  std::optional<std::string> trained_on() const override { return teacher_->trained_on(); }
  std::string remark() const override { return teacher_->remark(); }

 private:
  std::shared_ptr<Teacher> teacher_;
  Projection projection_;
};

}  // namespace tandem
