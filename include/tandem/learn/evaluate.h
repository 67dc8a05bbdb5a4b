#pragma once

#include <torch/types.h>

#include <cstdint>

#include "tandem/dataset/dataset.h"
#include "tandem/model/model.h"
#include "tandem/view/apply.h"

namespace tandem {

/// How good a classifier is on a data set.
struct Metrics {
  double top1_pct = 0;  ///< share of samples whose largest logit is their class
  double loss = 0;      ///< mean cross-entropy of the classifier
};

/// Judges the classifier on canonical views, in evaluation mode; the model's mode is restored.
Metrics evaluate(Model& model, const Dataset& dataset, const Normalisation& normalisation,
                 torch::Device device = torch::kCPU);

}  // namespace tandem
