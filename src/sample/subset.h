#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "tandem/core/key.h"
#include "tandem/dataset/dataset.h"

namespace tandem {

/// For each class, its samples in the order in which a subset takes them: a larger subset of one
/// order holds every smaller one, wherever each class's share grows.
using ClassOrders = std::vector<std::vector<std::int64_t>>;

/// Each class in random order, a pure function of labels and `seed`.
ClassOrders random_orders(const Dataset& dataset, std::uint64_t seed,
                          Stream stream = Stream::kSubset);

/// Each class by ascending `key`, fp64 [size]; equals stand in the order of random_orders.
/// Throws std::invalid_argument for another shape or dtype and for a key that is not finite.
ClassOrders orders_by(const Dataset& dataset, const torch::Tensor& key, std::uint64_t seed);

/// The first `count` samples with the class proportions of all (largest remainder), as ascending
/// indices. `name` begins the error: std::invalid_argument unless 0 < count <= size.
std::vector<std::int64_t> stratified_subset(const ClassOrders& orders, std::int64_t count,
                                            const std::string& name);

/// The first `per_class` samples of every class, as ascending indices. Throws
/// std::invalid_argument that begins with the name of `dataset` for less than one, and for a class
/// that has fewer.
std::vector<std::int64_t> balanced_subset(const ClassOrders& orders, std::int64_t per_class,
                                          const Dataset& dataset);

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
