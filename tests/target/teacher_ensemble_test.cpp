#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/target/ensemble.h"
#include "teacher_models.h"

namespace tandem {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// Gives the same logits for every image.
class Constant : public Teacher {
 public:
  explicit Constant(const std::vector<float>& logits, std::optional<std::string> trained_on = {})
      : logits_(torch::tensor(logits)), trained_on_(std::move(trained_on)) {}
  torch::Tensor answer(const torch::Tensor& pixels, Content content, double temperature) override {
    const torch::Tensor rows = logits_.expand({pixels.size(0), -1}).contiguous();
    return content == Content::kProbs ? torch::softmax(rows / temperature, 1) : rows;
  }
  std::int64_t width(Content) const override { return logits_.size(0); }
  std::int64_t class_count() const override { return logits_.size(0); }
  const Fingerprint& fingerprint() const override { return fingerprint_; }
  std::optional<std::string> trained_on() const override { return trained_on_; }

 private:
  torch::Tensor logits_;
  std::optional<std::string> trained_on_;
  Fingerprint fingerprint_;
};

std::vector<std::shared_ptr<Teacher>> three_teachers() {
  std::vector<std::shared_ptr<Teacher>> teachers;
  for (const std::uint64_t seed : {3, 4, 5}) {
    teachers.push_back(random_teacher({.name = "convnet3", .width = 6}, 10, seed));
  }
  return teachers;
}

torch::Tensor answers_of(const std::vector<std::shared_ptr<Teacher>>& teachers,
                         const torch::Tensor& pixels, Content content, double temperature) {
  std::vector<torch::Tensor> answers;
  for (const auto& teacher : teachers) {
    answers.push_back(teacher->answer(pixels, content, temperature));
  }
  return torch::stack(answers);
}

bool near(const torch::Tensor& a, const torch::Tensor& b) {
  return a.scalar_type() == torch::kFloat32 && torch::allclose(a, b, 1e-5, 1e-6);
}

TEST(Ensemble, OfProbabilitiesGivesTheirMeanAtTheTemperatureAskedFor) {
  const auto teachers = three_teachers();
  Ensemble ensemble(teachers, EnsembleMean::kProbs);
  const torch::Tensor pixels = random_pixels(5);
  const torch::Tensor probs = ensemble.answer(pixels, Content::kProbs, 3);
  EXPECT_TRUE(near(probs, answers_of(teachers, pixels, Content::kProbs, 3).mean(0)));
  EXPECT_TRUE(near(ensemble.answer(pixels, Content::kLogits, 3),
                   answers_of(teachers, pixels, Content::kProbs, 1).mean(0).log()));
}

TEST(Ensemble, OfLogitsGivesTheirMeanAndItsSoftmax) {
  const auto teachers = three_teachers();
  Ensemble ensemble(teachers, EnsembleMean::kLogits);
  const torch::Tensor pixels = random_pixels(5);
  const torch::Tensor mean = answers_of(teachers, pixels, Content::kLogits, 1).mean(0);
  EXPECT_TRUE(near(ensemble.answer(pixels, Content::kLogits, 3), mean));
  EXPECT_TRUE(near(ensemble.answer(pixels, Content::kProbs, 3), torch::softmax(mean / 3, 1)));
}

TEST(Ensemble, HasTwoMeansThatDiffer) {
  const auto sure = std::make_shared<Constant>(std::vector<float>{4, 0});
  const auto unsure = std::make_shared<Constant>(std::vector<float>{0, 1});
  const auto share = [&](EnsembleMean mean) {
    return Ensemble({sure, unsure}, mean)
        .answer(random_pixels(1), Content::kProbs, 1)[0][0]
        .item<double>();
  };
  EXPECT_NEAR(share(EnsembleMean::kProbs), (0.982014 + 0.268941) / 2, 1e-5);
  EXPECT_NEAR(share(EnsembleMean::kLogits), 1 / (1 + std::exp(-1.5)), 1e-5);
}

TEST(Ensemble, KeepsLogitsFiniteWhereEveryMemberIsSureAgainstAClass) {
  const auto sure = std::make_shared<Constant>(std::vector<float>{500, 0});
  const torch::Tensor logits =
      Ensemble({sure, sure}, EnsembleMean::kProbs).answer(random_pixels(1), Content::kLogits, 1);
  EXPECT_NEAR(logits[0][1].item<double>(), -500, 1e-3);
}

TEST(Ensemble, HasNoFeatures) {
  Ensemble ensemble(three_teachers(), EnsembleMean::kLogits);
  EXPECT_THAT([&] { ensemble.width(Content::kFeatures); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("does not give 'features'")));
  EXPECT_THROW(ensemble.answer(random_pixels(1), Content::kFeatures, 1), std::invalid_argument);
  EXPECT_THROW(ensemble.answer(random_pixels(1), Content::kProbs, -1), std::invalid_argument);
  EXPECT_EQ(ensemble.width(Content::kLogits), 10);
}

TEST(Ensemble, IsIdentifiedByItsMembersTheirOrderAndItsMean) {
  auto teachers = three_teachers();
  const Fingerprint original = Ensemble(teachers, EnsembleMean::kProbs).fingerprint();
  EXPECT_EQ(Ensemble(three_teachers(), EnsembleMean::kProbs).fingerprint(), original);
  EXPECT_NE(Ensemble(teachers, EnsembleMean::kLogits).fingerprint(), original);
  std::swap(teachers[0], teachers[1]);
  EXPECT_NE(Ensemble(teachers, EnsembleMean::kProbs).fingerprint(), original);
  teachers.pop_back();
  EXPECT_NE(Ensemble(teachers, EnsembleMean::kProbs).fingerprint(), original);
}

TEST(Ensemble, SaysWhatItsMembersWereTrainedOn) {
  const auto trained_on = [](const std::vector<std::optional<std::string>>& notes) {
    std::vector<std::shared_ptr<Teacher>> members;
    for (const auto& note : notes) {
      members.push_back(std::make_shared<Constant>(std::vector<float>{0, 1}, note));
    }
    return Ensemble(members, EnsembleMean::kProbs).trained_on();
  };
  EXPECT_EQ(trained_on({std::nullopt, std::nullopt}), std::nullopt);
  EXPECT_EQ(trained_on({"a", std::nullopt, "a"}), "a");
  EXPECT_EQ(trained_on({"b", "a"}), "a; b");
}

TEST(Ensemble, RefusesNoMembersAndMembersOfOtherClasses) {
  const auto two = std::make_shared<Constant>(std::vector<float>{0, 1});
  const auto three = std::make_shared<Constant>(std::vector<float>{0, 1, 2});
  EXPECT_THROW(Ensemble({}, EnsembleMean::kProbs), std::invalid_argument);
  EXPECT_THAT(
      [&] {
        Ensemble({two, three}, EnsembleMean::kProbs);
      },
      ThrowsMessage<std::invalid_argument>(HasSubstr("got 2 and 3")));
}

TEST(EnsembleMean, HasNamesThatReadBack) {
  for (const EnsembleMean mean : {EnsembleMean::kProbs, EnsembleMean::kLogits}) {
    EXPECT_EQ(parse_ensemble_mean(text_of(mean)), mean);
  }
  EXPECT_THAT([] { parse_ensemble_mean("median"); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("probs or logits, got 'median'")));
}

}  // namespace
}  // namespace tandem
