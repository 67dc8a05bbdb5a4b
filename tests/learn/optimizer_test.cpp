#include "tandem/learn/optimizer.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace tandem {
namespace {

struct Quadratic : torch::nn::Module {
  Quadratic() { point = register_parameter("point", torch::tensor({1.0, -2.0}, torch::kFloat64)); }
  torch::Tensor loss() const { return 0.5 * (point * point).sum(); }
  torch::Tensor point;
};

TEST(Optimizer, SgdFollowsNesterovsMomentum) {
  // As PyTorch writes it: b <- m b + g; x <- x - r (g + m b), with b = g in the first step.
  Quadratic model;
  Optimizer optimizer({.momentum = 0.9, .weight_decay = 0}, model);
  double x = 1, buffer = 0;
  for (int step = 0; step < 5; ++step) {
    const double rate = 0.1 / (step + 1);
    optimizer.zero_grad();
    model.loss().backward();
    optimizer.step(rate);
    buffer = step == 0 ? x : 0.9 * buffer + x;
    x -= rate * (x + 0.9 * buffer);
    EXPECT_NEAR(model.point[0].item<double>(), x, 1e-14);
  }
}

TEST(Optimizer, StateOfAnotherModelIsRefused) {
  Quadratic model;
  Optimizer optimizer({}, model);
  EXPECT_THROW(optimizer.load_state({{"elsewhere.momentum", torch::ones({2})}}, "here"),
               std::runtime_error);
}

TEST(Optimizer, UnknownNameIsRefused) {
  Quadratic model;
  EXPECT_THROW(Optimizer({.optimizer = "lion"}, model), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
