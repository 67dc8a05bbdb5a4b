#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace tandem {

/// Bytes in a regular file. Throws std::runtime_error that names the path.
inline std::int64_t size_of_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    throw std::runtime_error(
        fmt::format("{}: expected a readable file, found: {}", path.string(), error.message()));
  }
  return static_cast<std::int64_t>(size);
}

}  // namespace tandem
