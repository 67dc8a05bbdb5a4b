#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>

namespace tandem {

// A finished folder says in checksums.txt what its files hash to, in the lines that `xxh128sum`
// writes and checks ("<32 hexadecimal digits>  <path>"). It guards against damage and edited files,
// not against forgery. A folder of before there were checksums has none, and is taken as it is.

/// Writes the checksums of all files below `folder` but those in `except` (relative paths), hidden
/// ones and temporary ones: the last thing that is done to a finished folder.
void write_checksums(const std::filesystem::path& folder,
                     const std::set<std::filesystem::path>& except = {});

bool has_checksums(const std::filesystem::path& folder);

/// Throws std::runtime_error that names the file and ends with `advice` where one that the
/// checksums list is missing or is not what was written.
void check_files(const std::filesystem::path& folder, const std::string& advice);

/// The same of one file (a relative path) alone, and where the checksums do not list it.
void check_file(const std::filesystem::path& folder, const std::filesystem::path& file,
                const std::string& advice);

/// Checks a folder, lets `change` change it, and writes its checksums anew. Interrupted, it leaves
/// none rather than wrong ones.
void change_files(const std::filesystem::path& folder, const std::string& advice,
                  const std::function<void()>& change);

}  // namespace tandem
