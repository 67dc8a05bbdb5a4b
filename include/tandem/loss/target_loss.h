#pragma once

#include <torch/types.h>

#include <functional>
#include <string>

#include "tandem/target/target.h"

namespace tandem {

// Losses between what a target head says, `prediction` fp [b, width], and targets of the same
// shape. Each is the mean over the batch, a scalar; targets carry no gradient.

/// Cross-entropy with soft targets: -sum_c p_c log softmax(prediction)_c.
torch::Tensor soft_cross_entropy(const torch::Tensor& prediction, const torch::Tensor& probs);

/// T^2 * KL(probs || softmax(prediction / T)), `probs` taken at the same temperature T
/// (Hinton et al., arXiv:1503.02531; the factor keeps gradients' size independent of T).
torch::Tensor kl_divergence(const torch::Tensor& prediction, const torch::Tensor& probs,
                            double temperature);

/// Mean over batch and width of (prediction - values)^2 (Ba and Caruana, arXiv:1312.6184).
torch::Tensor mean_squared_error(const torch::Tensor& prediction, const torch::Tensor& values);

/// 1 - cosine of the angle between prediction and values.
torch::Tensor cosine_distance(const torch::Tensor& prediction, const torch::Tensor& values);

/// Cross-entropy with class ids, int64 [b], or, for mixed views, with shares of classes, fp [b,
/// width] (as PyTorch's cross_entropy takes either).
torch::Tensor hard_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels);

/// A loss that `loss.target` can name.
struct TargetLoss {
  /// Of predictions and targets of one shape, which it need not check; a scalar.
  std::function<torch::Tensor(const torch::Tensor& prediction, const Target& target)> value;
  bool wants_probabilities = false;  ///< whether logits and features are to be refused
};

/// Lets configs name a loss of one's own. Call it first in main, before threads are started, in
/// every program that uses the name (workers of a study are such programs). Throws
/// std::invalid_argument for a name that is taken, `auto` among them, and without a `value`.
void register_target_loss(const std::string& name, TargetLoss loss);

}  // namespace tandem
