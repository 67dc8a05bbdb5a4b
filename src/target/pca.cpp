#include "pca.h"

#include <ATen/ops/linalg_eigh.h>
#include <fmt/format.h>

#include <stdexcept>

namespace tandem {

void PrincipalComponents::add(const torch::Tensor& points) {
  if (points_ == 0) {
    origin_ = points[0].to(torch::kFloat64);
    sum_ = torch::zeros_like(origin_);
    products_ = torch::zeros({points.size(1), points.size(1)}, torch::kFloat64);
  }
  const torch::Tensor moved = points.to(torch::kFloat64) - origin_;
  sum_ += moved.sum(0);
  products_ += torch::matmul(moved.t(), moved);
  points_ += points.size(0);
}

Projection PrincipalComponents::projection(std::int64_t count) const {
  if (points_ < 2 || count < 1 || count > sum_.size(0)) {
    throw std::invalid_argument(
        fmt::format("principal components: expected 1..{} of at least 2 points, got {} of {}",
                    points_ > 0 ? sum_.size(0) : 0, count, points_));
  }
  const torch::Tensor mean = sum_ / static_cast<double>(points_);
  const torch::Tensor covariance =
      products_ / static_cast<double>(points_) - torch::outer(mean, mean);
  const torch::Tensor vectors = std::get<1>(at::linalg_eigh(covariance, "L"));  // rising variance
  torch::Tensor basis = vectors.t().flip(0).slice(0, 0, count);
  const torch::Tensor largest = basis.gather(1, basis.abs().argmax(1, /*keepdim=*/true));
  basis = basis * largest.sign();
  return {(mean + origin_).to(torch::kFloat32), basis.to(torch::kFloat32).contiguous()};
}

}  // namespace tandem
