#pragma once

#include <torch/types.h>

#include <string>
#include <string_view>
#include <vector>

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

/// The loss that a content calls for: cross-entropy for one-hot and smoothed, kl for probs, mse for
/// logits, cosine for features.
std::string_view default_target_loss(Content content);

/// Throws std::invalid_argument for an unknown name, which lists the known ones, and for
/// cross-entropy or kl with content that is not probabilities.
void check_target_loss(std::string_view name, Content content);

/// The named loss between `prediction` and `target`. Throws std::invalid_argument for unequal
/// shapes and as check_target_loss does.
torch::Tensor target_loss(std::string_view name, const torch::Tensor& prediction,
                          const Target& target);

}  // namespace tandem
