#include "tandem/target/herding.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <limits>
#include <stdexcept>

namespace tandem {

std::vector<std::int64_t> herding_order(const torch::Tensor& features) {
  if (features.scalar_type() != torch::kFloat32 || features.dim() != 2 ||
      !features.isfinite().all().item<bool>()) {
    throw std::invalid_argument(
        fmt::format("herding: expected finite fp32 features [n, width], got {} of {} dimension(s)",
                    torch::toString(features.scalar_type()), features.dim()));
  }
  const torch::Tensor rows = features.to(torch::kFloat64);
  const torch::Tensor unit = rows / rows.norm(2, 1, true).clamp_min(1e-12);
  const torch::Tensor squares = unit.square().sum(1).contiguous();
  const torch::Tensor mean = unit.mean(0);
  torch::Tensor sum = torch::zeros_like(mean);
  std::vector<bool> taken(static_cast<std::size_t>(features.size(0)));
  std::vector<std::int64_t> order;
  // |mean - (sum + f) / k|^2 is least where |f|^2 + 2 f (sum - k mean) is.
  for (std::int64_t k = 1; k <= features.size(0); ++k) {
    const torch::Tensor cost = squares + 2 * unit.mv(sum - mean * static_cast<double>(k));
    const double* costs = cost.data_ptr<double>();
    double least = std::numeric_limits<double>::infinity();
    std::int64_t best = -1;
    for (std::size_t row = 0; row < taken.size(); ++row) {
      if (!taken[row] && costs[row] < least) {
        least = costs[row];
        best = static_cast<std::int64_t>(row);
      }
    }
    taken[static_cast<std::size_t>(best)] = true;
    order.push_back(best);
    sum += unit[best];
  }
  return order;
}

}  // namespace tandem
