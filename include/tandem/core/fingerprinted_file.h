#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tandem/core/fingerprint.h"
#include "tandem/core/safetensors.h"

namespace tandem {

// Safetensors files that say in their metadata what all the rest of them hashes to, so that one
// that is not what was written is never used. (Stores have checksums of blocks instead, since they
// are read in places.)

/// Entry of the metadata for the fingerprint of all else that a file holds.
inline constexpr const char* kContentFingerprintKey = "tandem.content_fingerprint";

/// Adds names, dtypes, shapes and bytes of tensors that are contiguous and on the CPU.
void add_tensors(Fingerprinter& fingerprinter, const std::map<std::string, torch::Tensor>& tensors);

/// Writes `file` with its fingerprint; otherwise as write_safetensors does.
void write_fingerprinted(const std::filesystem::path& path, TensorFile file);

/// Checks a file as read_safetensors gave it, which stands in `source` and is `what` ("these
/// scores"). Throws std::runtime_error that ends with `advice` where it has no fingerprint, or
/// another content than was written.
void check_fingerprint(const TensorFile& file, const std::string& source, const std::string& what,
                       const std::string& advice);

}  // namespace tandem
