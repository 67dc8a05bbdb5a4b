#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <stop_token>

#include "tandem/core/progress.h"
#include "tandem/dataset/dataset.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// Is given the features of a class in pieces, fp32 [n, features], and then, if it asks for that,
/// the class with the indices of its samples, int64 [samples], in the order of their features.
struct ClassFeaturesVisitor {
  std::function<void(const torch::Tensor& features)> on_features;
  std::function<void(std::int64_t label, const torch::Tensor& members)> on_class;
};

/// The teacher's features of all samples, canonical views, class by class, so that those of one
/// class are all that must fit into memory. Progress counts samples. Throws Interrupted on `stop`.
void visit_class_features(Teacher& teacher, const Dataset& dataset,
                          const ClassFeaturesVisitor& visitor, const OnProgress& progress,
                          std::stop_token stop);

}  // namespace tandem
