#include "weights_fingerprint.h"

namespace tandem {

Fingerprint weights_fingerprint(const std::map<std::string, torch::Tensor>& tensors,
                                const Normalisation& normalisation) {
  Fingerprinter fingerprinter;
  for (const auto& [name, tensor] : tensors) {
    fingerprinter.text(name).text(torch::toString(tensor.scalar_type())).number(tensor.dim());
    for (const std::int64_t size : tensor.sizes()) {
      fingerprinter.number(size);
    }
    fingerprinter.bytes({static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()});
  }
  for (const std::vector<double>* values : {&normalisation.mean, &normalisation.stddev}) {
    fingerprinter.number(static_cast<std::int64_t>(values->size()));
    fingerprinter.bytes(std::as_bytes(std::span(*values)));
  }
  return fingerprinter.digest();
}

}  // namespace tandem
