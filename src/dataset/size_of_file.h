#pragma once

#include <cstdint>
#include <filesystem>
#include <system_error>

#include "tandem/core/system_error.h"

namespace tandem {

/// Bytes in a regular file. Throws std::system_error that names the path.
inline std::int64_t size_of_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    throw_system_error("cannot read", path, error.value());
  }
  return static_cast<std::int64_t>(size);
}

}  // namespace tandem
