#include "weights_fingerprint.h"

#include "tandem/core/tensor_bytes.h"

namespace tandem {
namespace {

void add_tensors(Fingerprinter& fingerprinter,
                 const std::map<std::string, torch::Tensor>& tensors) {
  for (const auto& [name, tensor] : tensors) {
    fingerprinter.text(name).text(torch::toString(tensor.scalar_type())).number(tensor.dim());
    for (const std::int64_t size : tensor.sizes()) {
      fingerprinter.number(size);
    }
    fingerprinter.bytes(bytes_of(tensor));
  }
}

}  // namespace

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

Fingerprint content_fingerprint(const TensorFile& file, const std::string& except) {
  Fingerprinter fingerprinter;
  for (const auto& [key, value] : file.metadata) {
    if (key != except) {
      fingerprinter.text(key).text(value);
    }
  }
  add_tensors(fingerprinter, file.tensors);
  return fingerprinter.digest();
}

}  // namespace tandem
