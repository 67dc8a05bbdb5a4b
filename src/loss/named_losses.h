#pragma once

#include <torch/types.h>

#include <string_view>

#include "tandem/target/target.h"

namespace tandem {

/// LossConfig::target for the loss that each content calls for; not the name of one.
inline constexpr std::string_view kContentsOwnLoss = "auto";

/// The loss that a content calls for: cross-entropy for one-hot and smoothed, kl for probs, mse for
/// logits, cosine for features.
std::string_view default_target_loss(Content content);

/// Throws std::invalid_argument for an unknown name, which lists the known ones, and for a loss
/// that wants probabilities with content that is none.
void check_target_loss(std::string_view name, Content content);

/// The named loss between `prediction` and `target`. Throws std::invalid_argument for unequal
/// shapes, for a registered loss that gives no scalar, and as check_target_loss does.
torch::Tensor target_loss(std::string_view name, const torch::Tensor& prediction,
                          const Target& target);

}  // namespace tandem
