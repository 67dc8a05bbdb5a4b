#pragma once

#include <cstdint>
#include <vector>

#include "tandem/core/key.h"
#include "tandem/data/dataset.h"

namespace tandem {

/// `count` indices with the class proportions of `dataset` (largest remainder), in ascending order:
/// a pure function of labels, count and `seed`. Subsets of one seed are nested: a smaller one is
/// contained in a larger one wherever each class's share grows.
/// Throws std::invalid_argument unless 0 < count <= size.
std::vector<std::int64_t> stratified_subset(const Dataset& dataset, std::int64_t count,
                                            std::uint64_t seed, Stream stream = Stream::kSubset);

struct ValidationSplit {
  std::vector<std::int64_t> train;
  std::vector<std::int64_t> validation;
};

/// Holds out `count` stratified samples for validation; the two parts are disjoint, cover the whole
/// and are ascending. Pure function of labels, count and `seed` (Stream::kValidation).
/// Throws std::invalid_argument unless 0 < count < size.
ValidationSplit split_validation(const Dataset& dataset, std::int64_t count, std::uint64_t seed);

}  // namespace tandem
