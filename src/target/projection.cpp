#include "tandem/target/projection.h"

#include <vector>

#include "class_features.h"
#include "pca.h"

namespace tandem {

torch::Tensor project(const torch::Tensor& features, const Projection& projection) {
  std::vector<torch::Tensor> rows{torch::empty({0, projection.basis.size(0)})};
  for (const torch::Tensor& row : (features - projection.mean).unbind(0)) {
    rows.push_back(torch::mv(projection.basis, row).unsqueeze(0));
  }
  return torch::cat(rows);
}

Projection fit_projection(Teacher& teacher, const Dataset& dataset, std::int64_t components,
                          const OnProgress& progress, std::stop_token stop) {
  PrincipalComponents found;
  visit_class_features(
      teacher, dataset,
      {.on_features = [&](const torch::Tensor& features) { found.add(features); }, .on_class = {}},
      progress, std::move(stop));
  return found.projection(components);
}

}  // namespace tandem
