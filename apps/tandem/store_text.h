#pragma once

#include <filesystem>
#include <string>

namespace tandem {

/// What a target store holds, in lines for a person.
std::string store_text(const std::filesystem::path& path);

}  // namespace tandem
