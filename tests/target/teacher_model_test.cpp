#include "tandem/target/teacher_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tandem/target/teacher_accuracy.h"
#include "teacher_models.h"
#include "toy_dataset.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const ModelConfig kTeacherNet{.name = "convnet3", .width = 8};

TEST(ModelTeacher, GivesLogitsFeaturesAndProbabilitiesOfItsModel) {
  const at::NoGradGuard no_grad;
  const auto model = random_model(kTeacherNet);
  const torch::Tensor pixels = random_pixels(70);
  const torch::Tensor features = model->features(normalise(pixels, teacher_normalisation()));
  const torch::Tensor logits = model->classify(features);

  const auto teacher = random_teacher(kTeacherNet);
  const auto near = [](const torch::Tensor& a, const torch::Tensor& b) {
    return a.scalar_type() == torch::kFloat32 && torch::allclose(a, b, 1e-5, 1e-5);
  };
  EXPECT_TRUE(near(teacher->answer(pixels, Content::kFeatures, 1), features));
  EXPECT_TRUE(near(teacher->answer(pixels, Content::kLogits, 1), logits));
  EXPECT_TRUE(near(teacher->answer(pixels, Content::kProbs, 4), torch::softmax(logits / 4, 1)));
  EXPECT_FALSE(torch::allclose(teacher->answer(pixels, Content::kProbs, 4),
                               teacher->answer(pixels, Content::kProbs, 1), 1e-3, 1e-3));
  EXPECT_EQ(teacher->width(Content::kFeatures), features.size(1));
  EXPECT_EQ(teacher->width(Content::kLogits), 10);
  EXPECT_EQ(teacher->width(Content::kProbs), 10);
}

TEST(ModelTeacher, AnswersNoImagesWithNoRows) {
  const torch::Tensor answer =
      random_teacher(kTeacherNet)->answer(random_pixels(0), Content::kLogits, 1);
  EXPECT_EQ(answer.sizes(), torch::IntArrayRef({0, 10}));
}

TEST(ModelTeacher, AnswersWithoutGradients) {
  const auto teacher = random_teacher(kTeacherNet);
  EXPECT_FALSE(teacher->answer(random_pixels(2), Content::kFeatures, 1).requires_grad());
}

TEST(ModelTeacher, RefusesContentTemperaturesAndPixelsThatMakeNoSense) {
  const auto teacher = random_teacher(kTeacherNet);
  const torch::Tensor pixels = random_pixels(2);
  EXPECT_THAT([&] { teacher->width(Content::kOneHot); },
              ThrowsMessage<std::invalid_argument>(
                  AllOf(HasSubstr("'convnet3'"), HasSubstr("does not give 'one-hot'"))));
  EXPECT_THROW(teacher->answer(pixels, Content::kSmoothed, 1), std::invalid_argument);
  EXPECT_THROW(teacher->answer(pixels, Content::kProbs, 0), std::invalid_argument);
  EXPECT_THROW(teacher->answer(pixels.to(torch::kFloat32), Content::kProbs, 1),
               std::invalid_argument);
  EXPECT_THAT([&] { teacher->answer(pixels.narrow(2, 0, 12).contiguous(), Content::kLogits, 1); },
              ThrowsMessage<std::invalid_argument>(
                  AllOf(HasSubstr("images of 3x20x18"), HasSubstr("[2, 3, 12, 18]"))));
  EXPECT_THROW(ModelTeacher({.model = random_model(kTeacherNet), .normalisation = {{0.5}, {0.5}}}),
               std::invalid_argument);
}

TEST(ModelTeacher, RefusesToAnswerWithWhatIsNotFinite) {
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    const at::NoGradGuard no_grad;
    const auto model = random_model(kTeacherNet);
    state_of(*model).at("fc.bias")[3] = value;
    ModelTeacher teacher({.model = model, .normalisation = teacher_normalisation()});
    EXPECT_THAT([&] { teacher.answer(random_pixels(2), Content::kProbs, 1); },
                ThrowsMessage<std::runtime_error>(
                    AllOf(HasSubstr("'convnet3'"), HasSubstr("not all finite"))));
    EXPECT_NO_THROW(teacher.answer(random_pixels(2), Content::kFeatures, 1));
  }
}

TEST(ModelTeacher, KnowsWhatItsCheckpointSaysItWasTrainedOn) {
  TrainedModel trained{.model = random_model(kTeacherNet),
                       .normalisation = teacher_normalisation()};
  EXPECT_EQ(ModelTeacher(trained).trained_on(), std::nullopt);
  trained.metadata[kTrainedOnNote] = "digits, 10 held out by seed 0";
  EXPECT_EQ(ModelTeacher(trained).trained_on(), "digits, 10 held out by seed 0");
}

/// Answers with a bright pixel's class: the toy data set's row of the brightest bar.
class BarReader : public Teacher {
 public:
  torch::Tensor answer(const torch::Tensor& pixels, Content, double) override {
    const torch::Tensor rows = pixels.to(torch::kFloat32).mean(3).squeeze(1);  // [n, 12]
    return rows.view({-1, 4, 3}).amax(2);
  }
  std::int64_t width(Content) const override { return 4; }
  std::int64_t class_count() const override { return 4; }
  const Fingerprint& fingerprint() const override { return fingerprint_; }

 private:
  Fingerprint fingerprint_;
};

TEST(Top1Pct, IsTheShareOfSamplesWhoseLargestLogitIsTheirClass) {
  BarReader teacher;
  const Dataset dataset = toy_dataset(200);  // more than are asked at once
  EXPECT_EQ(top1_pct(teacher, dataset), 100);
  // Every fourth label made wrong.
  const torch::Tensor labels = dataset.labels().clone();
  for (std::int64_t i = 0; i < dataset.size(); i += 4) {
    labels[i] = (labels[i].item<std::int64_t>() + 1) % 4;
  }
  EXPECT_EQ(top1_pct(teacher, Dataset("wrong", dataset.images(), labels, dataset.class_names())),
            75);
}

TEST(Top1Pct, RefusesADataSetOfOtherClasses) {
  BarReader teacher;
  EXPECT_THAT([&] { top1_pct(teacher, toy_dataset(5, 3)); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("4 classes, toy has 3")));
}

}  // namespace
}  // namespace tandem
