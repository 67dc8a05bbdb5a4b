#pragma once

#include <string_view>

namespace tandem {

/// What the members of an ensemble are averaged over.
enum class EnsembleMean { kProbs, kLogits };

/// "probs" or "logits". Unknown ones are std::invalid_argument that lists the known ones.
EnsembleMean parse_ensemble_mean(std::string_view text);
std::string_view text_of(EnsembleMean mean);

}  // namespace tandem
