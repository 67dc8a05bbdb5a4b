#include "tandem/core/fingerprinted_file.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/tensor_bytes.h"

namespace tandem {
namespace {

Fingerprint content_fingerprint(const TensorFile& file) {
  Fingerprinter fingerprinter;
  for (const auto& [key, value] : file.metadata) {
    if (key != kContentFingerprintKey) {
      fingerprinter.text(key).text(value);
    }
  }
  add_tensors(fingerprinter, file.tensors);
  return fingerprinter.digest();
}

}  // namespace

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

void write_fingerprinted(const std::filesystem::path& path, TensorFile file) {
  for (auto& [name, tensor] : file.tensors) {
    tensor = tensor.detach().to(torch::kCPU).contiguous();
  }
  file.metadata[kContentFingerprintKey] = content_fingerprint(file).hex();
  write_safetensors(path, file);
}

void check_fingerprint(const TensorFile& file, const std::string& source, const std::string& what,
                       const std::string& advice) {
  const auto written = file.metadata.find(kContentFingerprintKey);
  if (written == file.metadata.end()) {
    throw std::runtime_error(fmt::format("{}: {} cannot be checked: metadata '{}' is missing; {}",
                                         source, what, kContentFingerprintKey, advice));
  }
  const std::string found = content_fingerprint(file).hex();
  if (written->second != found) {
    throw std::runtime_error(
        fmt::format("{}: {} is damaged: its content has fingerprint {}, written was {}; {}", source,
                    what, found, written->second, advice));
  }
}

}  // namespace tandem
