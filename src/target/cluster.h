#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "tandem/core/key.h"

namespace tandem {

/// Divides points into `count` clusters by k-means (Lloyd's iterations from k-means++ seeding,
/// Arthur and Vassilvitskii, SODA 2007), until no point changes cluster or 100 rounds have passed.
/// Cluster of each row of `points`, fp32 [n, width]; no cluster is empty. A pure function of
/// points, count and key. Throws std::invalid_argument unless 1 <= count <= n.
std::vector<std::int64_t> k_means(const torch::Tensor& points, std::int64_t count, const Key& key);

}  // namespace tandem
