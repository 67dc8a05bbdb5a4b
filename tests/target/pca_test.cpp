#include "pca.h"

#include <ATen/ops/linalg_svd.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

#include "tandem/core/key.h"

namespace tandem {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// Points fp32 [n, width] whose spread differs along oblique axes, far from the origin.
torch::Tensor oblique_points(std::int64_t n, std::int64_t width) {
  RandomStream random({.seed = 5, .stream = Stream::kInit});
  torch::Tensor points = torch::empty({n, width});
  torch::Tensor mixing = torch::empty({width, width});
  for (const torch::Tensor& tensor : {points, mixing}) {
    for (std::int64_t k = 0; k < tensor.numel(); ++k) {
      tensor.data_ptr<float>()[k] = static_cast<float>(random.normal());
    }
  }
  const torch::Tensor spread = torch::arange(width, 0, -1).to(torch::kFloat32);
  return torch::matmul(points * spread, mixing) + 1000;
}

Projection projection_of(const torch::Tensor& points, std::int64_t count, std::int64_t pieces = 1) {
  PrincipalComponents components;
  for (const torch::Tensor& piece : points.chunk(pieces)) {
    components.add(piece);
  }
  return components.projection(count);
}

TEST(PrincipalComponents, AreTheRightSingularVectorsOfTheCentredPoints) {
  const torch::Tensor points = oblique_points(200, 7);
  const Projection found = projection_of(points, 4);
  const torch::Tensor exact = points.to(torch::kFloat64);
  const auto [u, s, vh] = at::linalg_svd(exact - exact.mean(0), /*full_matrices=*/false);
  EXPECT_TRUE(torch::allclose(found.mean.to(torch::kFloat64), exact.mean(0), 1e-6, 0));
  // Each is unique up to its sign.
  const torch::Tensor cosines = (found.basis.to(torch::kFloat64) * vh.slice(0, 0, 4)).sum(1);
  EXPECT_TRUE(torch::allclose(cosines.abs(), torch::ones({4}, torch::kFloat64), 0, 1e-6));
  EXPECT_TRUE(torch::allclose(torch::matmul(found.basis, found.basis.t()), torch::eye(4), 0, 1e-5));
}

TEST(PrincipalComponents, HaveAPositiveLargestEntryAndFallingVariance) {
  const torch::Tensor points = oblique_points(100, 9);
  const Projection found = projection_of(points, 9);
  const torch::Tensor largest = found.basis.gather(1, found.basis.abs().argmax(1, true));
  EXPECT_TRUE((largest > 0).all().item<bool>());
  const torch::Tensor variance =
      torch::matmul(points - found.mean, found.basis.t()).to(torch::kFloat64).var(0);
  EXPECT_TRUE((variance.slice(0, 1) < variance.slice(0, 0, -1)).all().item<bool>());
}

TEST(PrincipalComponents, DoNotDependOnThePiecesNorOnTheDistanceFromTheOrigin) {
  const torch::Tensor points = oblique_points(120, 5);
  const Projection whole = projection_of(points, 3);
  EXPECT_TRUE(torch::allclose(projection_of(points, 3, 7).basis, whole.basis, 0, 1e-6));
  EXPECT_TRUE(torch::allclose(projection_of(points + 8192, 3).basis, whole.basis, 0, 1e-3));
  EXPECT_TRUE(torch::equal(projection_of(points, 3).basis, whole.basis));
}

TEST(PrincipalComponents, OfPointsOnALineAreTheLine) {
  const torch::Tensor along = torch::tensor({0.6F, -0.8F});
  const torch::Tensor points = torch::arange(5).to(torch::kFloat32).unsqueeze(1) * along;
  const Projection found = projection_of(points, 1);
  EXPECT_TRUE(torch::allclose(found.basis, torch::tensor({{-0.6F, 0.8F}}), 0, 1e-6));
}

TEST(PrincipalComponents, RefuseMoreThanThereAreAndFewerThanTwoPoints) {
  const torch::Tensor points = oblique_points(5, 3);
  for (const std::int64_t count : {0, -1, 4}) {
    EXPECT_THAT([&] { projection_of(points, count); },
                ThrowsMessage<std::invalid_argument>(HasSubstr("expected 1..3")));
  }
  EXPECT_THROW(projection_of(points.slice(0, 0, 1), 1), std::invalid_argument);
  EXPECT_THROW(PrincipalComponents().projection(1), std::invalid_argument);
}

}  // namespace
}  // namespace tandem
