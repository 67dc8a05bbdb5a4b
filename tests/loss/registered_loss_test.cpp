// A target loss that is not Tandem's, named by `loss.target`.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/loss/loss.h"
#include "tandem/loss/target_loss.h"

namespace tandem {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

torch::Tensor warm_distance(const torch::Tensor& prediction, const Target& target) {
  return target.temperature * (prediction - target.values).abs().mean();
}

torch::Tensor likelihood(const torch::Tensor& prediction, const Target& target) {
  return soft_cross_entropy(prediction, target.values);
}

torch::Tensor means_of_rows(const torch::Tensor& prediction, const Target&) {
  return prediction.mean(1);
}

class RegisteredLoss : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    register_target_loss("toy-distance", {.value = warm_distance});
    register_target_loss("toy-likelihood", {.value = likelihood, .wants_probabilities = true});
    register_target_loss("toy-rows", {.value = means_of_rows});
  }

  static Loss named(const std::string& target, Content content) {
    LossConfig config;
    ConfigTable::from_text("target = '" + target + "'").read_into(config);
    return Loss(config, content);
  }
};

TEST_F(RegisteredLoss, JudgesPredictionsByItsName) {
  const torch::Tensor prediction = torch::tensor({{1.0, -2.0}, {0.5, 4.0}}).requires_grad_();
  const torch::Tensor classes = torch::zeros({2, 2});
  const Target target{Content::kLogits, torch::tensor({{0.0, 0.0}, {0.0, 5.0}}), 2};
  const LossTerms terms = named("toy-distance", Content::kLogits)(
      {prediction, classes}, target, torch::tensor({0, 1}, torch::kInt64));
  EXPECT_FLOAT_EQ(terms.target.item<float>(), 2 * (1 + 2 + 0.5F + 1) / 4);
  terms.total.backward();
  EXPECT_TRUE(torch::equal(prediction.grad(), torch::tensor({{0.5, -0.5}, {0.5, -0.5}})));
}

TEST_F(RegisteredLoss, RefusesContentsThatItIsNotFor) {
  named("toy-likelihood", Content::kSmoothed);
  EXPECT_THAT([] { named("toy-likelihood", Content::kLogits); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("'toy-likelihood' needs probab")));
  EXPECT_THAT([] { named("toy-distant", Content::kLogits); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("mse, toy-distance, toy-likelihood")));
}

TEST_F(RegisteredLoss, MustGiveAScalar) {
  const torch::Tensor values = torch::ones({2, 3});
  EXPECT_THAT(
      [&] {
        named("toy-rows", Content::kLogits)({values, values}, {Content::kLogits, values},
                                            torch::zeros({2}, torch::kInt64));
      },
      ThrowsMessage<std::invalid_argument>(HasSubstr("'toy-rows' should give a scalar, gave [2]")));
}

TEST_F(RegisteredLoss, MustHaveANameOfItsOwnAndAValue) {
  for (const char* taken : {"toy-distance", "kl", "auto", ""}) {
    EXPECT_THROW(register_target_loss(taken, {.value = likelihood}), std::invalid_argument)
        << taken;
  }
  EXPECT_THROW(register_target_loss("toy-nothing", {}), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
