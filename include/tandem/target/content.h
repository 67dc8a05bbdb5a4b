#pragma once

#include <string_view>

namespace tandem {

/// What stands at a target key.
enum class Content {
  kOneHot,    ///< 1 at the class, 0 elsewhere
  kSmoothed,  ///< one-hot mixed with the uniform distribution (label smoothing)
  kProbs,     ///< teacher's softmax at a temperature
  kLogits,    ///< teacher's logits
  kFeatures,  ///< teacher's penultimate layer
  kLast = kFeatures,
};

/// "one-hot", "smoothed", "probs", "logits" or "features". Anything else is std::invalid_argument
/// that lists the known ones.
Content parse_content(std::string_view text);
std::string_view text_of(Content content);

/// Whether its numbers are probabilities of the classes.
bool is_distribution(Content content);

/// Whether a teacher answers for this content.
bool needs_teacher(Content content);

}  // namespace tandem
