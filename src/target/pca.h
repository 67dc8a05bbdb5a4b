#pragma once

#include <torch/types.h>

#include <cstdint>

#include "tandem/target/projection.h"

namespace tandem {

/// Principal component analysis of points that come in pieces.
class PrincipalComponents {
 public:
  /// Adds points, fp32 [n, width].
  void add(const torch::Tensor& points);

  /// The `count` directions of largest variance, by falling variance, each with the sign that makes
  /// its largest entry positive. Throws std::invalid_argument unless 1 <= count <= width and two
  /// points were added.
  Projection projection(std::int64_t count) const;

 private:
  std::int64_t points_ = 0;
  torch::Tensor origin_;    ///< the first point: moments about it do not cancel
  torch::Tensor sum_;       ///< fp64 [width]
  torch::Tensor products_;  ///< fp64 [width, width]
};

}  // namespace tandem
