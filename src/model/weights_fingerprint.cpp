#include "weights_fingerprint.h"

#include "tandem/core/fingerprinted_file.h"

namespace tandem {

Fingerprint weights_fingerprint(const std::map<std::string, torch::Tensor>& tensors,
                                const Normalisation& normalisation) {
  Fingerprinter fingerprinter;
  add_tensors(fingerprinter, tensors);
  for (const std::vector<double>* values : {&normalisation.mean, &normalisation.stddev}) {
    fingerprinter.number(static_cast<std::int64_t>(values->size()));
    fingerprinter.bytes(std::as_bytes(std::span(*values)));
  }
  return fingerprinter.digest();
}

}  // namespace tandem
