#pragma once

#include <torch/types.h>

#include <cstdint>
#include <stop_token>

#include "tandem/core/progress.h"
#include "tandem/dataset/dataset.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// A linear map of features to fewer numbers: (features - mean) basis^T.
struct Projection {
  torch::Tensor mean;   ///< fp32 [features]
  torch::Tensor basis;  ///< fp32 [components, features], orthonormal rows
};

/// `features` [n, features] reduced to [n, components], row by row: the last bits of a product of
/// matrices depend on where in the matrix a row stands; here a row's depend on that row alone.
torch::Tensor project(const torch::Tensor& features, const Projection& projection);

/// The principal components of the teacher's features of all samples as they are (canonical views):
/// what `target.pca` reduces features to, in stores and online. Progress counts samples. Throws
/// std::invalid_argument unless 1 <= components <= width and there are two samples, and Interrupted
/// on `stop`.
Projection fit_projection(Teacher& teacher, const Dataset& dataset, std::int64_t components,
                          const OnProgress& progress = {}, std::stop_token stop = {});

}  // namespace tandem
