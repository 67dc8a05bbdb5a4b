#pragma once

#include <filesystem>
#include <vector>

namespace tandem {

/// What lies in a folder, or anywhere below it, in the order of the names. Both throw
/// std::system_error that names the folder where it cannot be read.
std::vector<std::filesystem::path> entries_in(const std::filesystem::path& folder);
std::vector<std::filesystem::path> entries_below(const std::filesystem::path& folder);

}  // namespace tandem
