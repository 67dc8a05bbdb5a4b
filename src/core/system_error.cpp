#include "tandem/core/system_error.h"

#include <fmt/format.h>

#include <system_error>

namespace tandem {

void throw_system_error(std::string_view what, const std::filesystem::path& path, int error) {
  throw std::system_error(error, std::generic_category(),
                          fmt::format("{} {}", what, path.string()));
}

std::filesystem::file_type file_type_at(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (error && status.type() != std::filesystem::file_type::not_found) {
    throw_system_error("cannot look at", path, error.value());
  }
  return status.type();
}

}  // namespace tandem
