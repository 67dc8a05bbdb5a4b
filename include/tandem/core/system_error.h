#pragma once

#include <cerrno>
#include <filesystem>
#include <string_view>

namespace tandem {

// A full disk, a refused permission, a failing device or too many open files say nothing about what
// a file holds. They are thrown as std::system_error (as std::filesystem does it), a kind of
// std::runtime_error: whatever judges data by catching the latter lets the former pass first.

/// Throws std::system_error "<what> <path>: <the system's reason>".
[[noreturn]] void throw_system_error(std::string_view what, const std::filesystem::path& path,
                                     int error = errno);

/// What stands at `path`, links followed: file_type::not_found where nothing does. Throws
/// std::system_error that names the path where the system cannot tell.
std::filesystem::file_type file_type_at(const std::filesystem::path& path);

}  // namespace tandem
