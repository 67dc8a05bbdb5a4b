#pragma once

#include <filesystem>

#include "fuzz_target.h"
#include "tandem/core/fingerprinted_file.h"
#include "temporary_folder.h"

namespace tandem {

/// Has `read` try the input as it is, and, where it is a safetensors file, as one whose fingerprint
/// is right: behind a wrong one nothing would be tried.
template <typename Read>
void read_as_it_is_and_sealed(std::string_view bytes, const Read& read) {
  static const TemporaryFolder folder;
  const MemoryFile input(bytes);
  read_or_refuse([&] { read(input.path()); });
  TensorFile file;
  if (read_or_refuse([&] { file = read_safetensors(input.path()); })) {
    const std::filesystem::path sealed = folder.path() / "sealed";
    write_fingerprinted(sealed, file);
    read_or_refuse([&] { read(sealed); });
  }
}

}  // namespace tandem
