#include "tandem/loss/target_loss.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "named_losses.h"
#include "tandem/loss/loss.h"
#include "tandem/target/mapping.h"

namespace tandem {
namespace {

/// Inputs and expected values that tests/reference/make_loss_values.py wrote, in fp64.
class Reference {
 public:
  Reference() {
    const auto path = std::filesystem::path(TANDEM_TEST_REFERENCE_DIR) / "values" / "losses.json";
    json_ = nlohmann::json::parse(std::ifstream(path));
  }

  torch::Tensor matrix(const char* name) const {
    const auto rows = json_.at(name).get<std::vector<std::vector<double>>>();
    std::vector<double> values;
    for (const auto& row : rows) {
      values.insert(values.end(), row.begin(), row.end());
    }
    return torch::tensor(values, torch::kFloat64)
        .reshape({static_cast<std::int64_t>(rows.size()), -1});
  }

  torch::Tensor labels() const {
    return torch::tensor(json_.at("labels").get<std::vector<std::int64_t>>(), torch::kInt64);
  }

  double expected(const char* name) const { return json_.at("expected").at(name).get<double>(); }

 private:
  nlohmann::json json_;
};

constexpr double kExact = 1e-12;  // fp64

TEST(TargetLoss, EqualsThePythonReference) {
  const Reference reference;
  const torch::Tensor prediction = reference.matrix("prediction");
  const torch::Tensor teacher = reference.matrix("teacher_logits");
  const torch::Tensor labels = reference.labels();
  const torch::Tensor one_hot = torch::one_hot(labels, 4).to(torch::kFloat64);

  const auto value = [](const torch::Tensor& loss) { return loss.item<double>(); };
  EXPECT_NEAR(value(hard_cross_entropy(prediction, labels)),
              reference.expected("hard cross-entropy"), kExact);
  EXPECT_NEAR(value(soft_cross_entropy(prediction, torch::softmax(teacher, 1))),
              reference.expected("soft cross-entropy"), kExact);
  EXPECT_NEAR(value(soft_cross_entropy(prediction, 0.9 * one_hot + 0.1 / 4)),
              reference.expected("smoothed cross-entropy 0.1"), kExact);
  EXPECT_NEAR(value(kl_divergence(prediction, torch::softmax(teacher, 1), 1)),
              reference.expected("kl T=1"), kExact);
  EXPECT_NEAR(value(kl_divergence(prediction, torch::softmax(teacher / 4, 1), 4)),
              reference.expected("kl T=4"), kExact);
  EXPECT_NEAR(value(kl_divergence(prediction, one_hot, 1)), reference.expected("kl one-hot"),
              kExact);
  EXPECT_NEAR(value(mean_squared_error(prediction, teacher)), reference.expected("mse"), kExact);
  EXPECT_NEAR(value(cosine_distance(prediction, teacher)), reference.expected("cosine"), kExact);
}

TEST(TargetLoss, OfAMixEqualsThePythonReference) {
  const Reference reference;
  const torch::Tensor prediction = reference.matrix("prediction");
  const Target target{Content::kProbs, torch::softmax(reference.matrix("teacher_logits") / 4, 1),
                      4};
  const Loss loss({.form = "direct", .soft_weight = 0.7}, Content::kProbs);
  const LossTerms terms = loss({prediction, prediction}, target, reference.labels());
  EXPECT_NEAR(terms.total.item<double>(), reference.expected("mix 0.7 kl T=4"), kExact);
}

/// Largest difference between autograd's gradient of `loss` and central differences.
double gradient_error(const std::function<torch::Tensor(const torch::Tensor&)>& loss,
                      torch::Tensor at) {
  constexpr double kStep = 1e-5;
  at = at.clone().requires_grad_();
  loss(at).backward();
  const torch::Tensor gradient = at.grad().flatten();
  double worst = 0;
  for (std::int64_t i = 0; i < gradient.size(0); ++i) {
    const auto moved = [&](double by) {
      torch::Tensor point = at.detach().clone();
      point.flatten()[i] += by;
      return loss(point).item<double>();
    };
    const double numeric = (moved(kStep) - moved(-kStep)) / (2 * kStep);
    worst = std::max(worst, std::abs(numeric - gradient[i].item<double>()));
  }
  return worst;
}

TEST(TargetLoss, GradientsEqualNumericOnesInFp64) {
  const Reference reference;
  const torch::Tensor prediction = reference.matrix("prediction");
  const torch::Tensor teacher = reference.matrix("teacher_logits");
  const torch::Tensor probs = torch::softmax(teacher, 1);
  const torch::Tensor cool = torch::softmax(teacher / 4, 1);
  constexpr double kTolerance = 1e-8;
  EXPECT_LT(gradient_error([&](const auto& x) { return soft_cross_entropy(x, probs); }, prediction),
            kTolerance);
  EXPECT_LT(gradient_error([&](const auto& x) { return kl_divergence(x, cool, 4); }, prediction),
            kTolerance);
  EXPECT_LT(
      gradient_error([&](const auto& x) { return mean_squared_error(x, teacher); }, prediction),
      kTolerance);
  EXPECT_LT(gradient_error([&](const auto& x) { return cosine_distance(x, teacher); }, prediction),
            kTolerance);
  EXPECT_LT(gradient_error([&](const auto& x) { return hard_cross_entropy(x, reference.labels()); },
                           prediction),
            kTolerance);
}

TEST(TargetLoss, HardLossOfSharedClassesIsTheSharesOfTheirLosses) {
  const Reference reference;
  const torch::Tensor prediction = reference.matrix("prediction");
  const torch::Tensor labels = reference.labels();
  const torch::Tensor partners = labels.roll(1);
  const torch::Tensor shares =
      0.75 * torch::one_hot(labels, 4).to(torch::kFloat64) + 0.25 * torch::one_hot(partners, 4);
  EXPECT_NEAR(hard_cross_entropy(prediction, shares).item<double>(),
              0.75 * hard_cross_entropy(prediction, labels).item<double>() +
                  0.25 * hard_cross_entropy(prediction, partners).item<double>(),
              kExact);
  EXPECT_LT(
      gradient_error([&](const auto& x) { return hard_cross_entropy(x, shares); }, prediction),
      1e-8);
}

TEST(TargetLoss, KlIsZeroExactlyWhereStudentAndTeacherAgree) {
  const torch::Tensor logits = torch::tensor({{1.0, -2.0, 0.5}}, torch::kFloat64);
  EXPECT_NEAR(kl_divergence(logits, torch::softmax(logits / 3, 1), 3).item<double>(), 0, kExact);
}

TEST(TargetLoss, RefusesProbabilityLossesOnLogitsAndFeatures) {
  const torch::Tensor values = torch::ones({2, 3});
  for (const Content content : {Content::kLogits, Content::kFeatures}) {
    EXPECT_THROW(target_loss("kl", values, {content, values}), std::invalid_argument);
    EXPECT_THROW(target_loss("cross-entropy", values, {content, values}), std::invalid_argument);
  }
}

TEST(TargetLoss, RefusesShapesThatDifferAndNamesBoth) {
  try {
    target_loss("mse", torch::ones({2, 3}), {Content::kLogits, torch::ones({2, 4})});
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr("[2, 3]"), testing::HasSubstr("[2, 4]")));
  }
}

TEST(TargetLoss, UnknownNameListsTheKnownOnes) {
  try {
    Loss({.target = "hinge"}, Content::kProbs);
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("hinge"),
                                             testing::HasSubstr("cosine, cross-entropy, kl, mse")));
  }
}

}  // namespace
}  // namespace tandem
