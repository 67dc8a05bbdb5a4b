#include "tandem/label/judge_teacher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

#include "toy_dataset.h"

namespace tandem {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Says of the images of a data set, asked about in order, what `logits` holds.
class SayingTeacher : public Teacher {
 public:
  explicit SayingTeacher(torch::Tensor logits) : logits_(std::move(logits)) {}
  torch::Tensor answer(const torch::Tensor&, Content, double) override { return logits_; }
  std::int64_t width(Content) const override { return class_count(); }
  std::int64_t class_count() const override { return logits_.size(1); }
  const Fingerprint& fingerprint() const override { return fingerprint_; }
  std::optional<std::string> trained_on() const override { return known; }

  std::optional<std::string> known = "somewhere";

 private:
  torch::Tensor logits_;
  Fingerprint fingerprint_;
};

class JudgeTeacher : public testing::Test {
 protected:
  /// Sure of class (c + shift) for samples of class c.
  torch::Tensor sure_of(std::int64_t shift) const {
    return 9 * torch::one_hot((samples_.labels() + shift) % 4, 4).to(torch::kFloat32) - 1;
  }
  std::vector<std::string> sentences(SayingTeacher teacher) const {
    return judge_teacher(teacher, "t", samples_);
  }

  Dataset samples_ = toy_dataset(40, 4, 1);
};

TEST_F(JudgeTeacher, SaysHowOftenItIsRight) {
  EXPECT_THAT(sentences(SayingTeacher(sure_of(0))),
              testing::ElementsAre("teacher t: right on 100.0 % of 160 validation samples"));
}

TEST_F(JudgeTeacher, DoubtsOneThatNumbersTheClassesOtherwise) {
  EXPECT_THAT(sentences(SayingTeacher(sure_of(1))), Contains(HasSubstr("number the classes")));
}

TEST_F(JudgeTeacher, DoubtsOneOfUnknownTraining) {
  SayingTeacher teacher(sure_of(0));
  teacher.known = std::nullopt;
  EXPECT_THAT(sentences(teacher), Contains(HasSubstr("nothing says which samples")));
}

TEST_F(JudgeTeacher, RefusesProbabilitiesInPlaceOfLogits) {
  EXPECT_THAT([&] { sentences(SayingTeacher(torch::softmax(sure_of(0), 1))); },
              testing::ThrowsMessage<std::runtime_error>(HasSubstr("are probabilities")));
  EXPECT_NO_THROW(sentences(SayingTeacher(torch::log_softmax(sure_of(0), 1))));
}

}  // namespace
}  // namespace tandem
