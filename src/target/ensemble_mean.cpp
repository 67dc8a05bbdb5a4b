#include "tandem/target/ensemble_mean.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {

EnsembleMean parse_ensemble_mean(std::string_view text) {
  for (const EnsembleMean mean : {EnsembleMean::kProbs, EnsembleMean::kLogits}) {
    if (text_of(mean) == text) {
      return mean;
    }
  }
  throw std::invalid_argument(
      fmt::format("target.ensemble: expected probs or logits, got '{}'", text));
}

std::string_view text_of(EnsembleMean mean) {
  return mean == EnsembleMean::kProbs ? "probs" : "logits";
}

}  // namespace tandem
