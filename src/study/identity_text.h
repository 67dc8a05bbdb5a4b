#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tandem {

/// The lines of a resolved config but those that `added` lists as "[section] key = value": keys
/// that came after identities were fixed, at the value that changes nothing. `section` is that of
/// the lines before the first table.
std::string without_added_keys(const std::string& config_text, std::string section,
                               std::span<const std::string_view> added);

}  // namespace tandem
