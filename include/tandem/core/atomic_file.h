#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace tandem {

/// Writes a whole file so that a reader, a crash or a full disk sees either the old content or the
/// new one, never a part: temporary name in the same folder, fsync, rename, fsync of the folder.
/// Missing folders are made. Throws std::system_error that names the path and the reason; the
/// temporary file is removed then, and one that a process left when it was killed the next time
/// that the same file is written.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// The same for content that is produced in pieces: `produce` calls its argument once per piece.
using ByteSink = std::function<void(std::span<const std::byte>)>;
void write_file_atomically(const std::filesystem::path& path,
                           const std::function<void(const ByteSink&)>& produce);

/// Whole content of a file. Throws std::system_error that names the path.
std::string read_file(const std::filesystem::path& path);

/// Removes the temporary files of write_file_atomically below `folder`, in which nobody may write.
void remove_temporary_files(const std::filesystem::path& folder);

/// Renames a folder and makes the renaming durable. `to` must not exist.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace tandem
