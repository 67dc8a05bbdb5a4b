#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace tandem {

/// A file mapped read-only into memory: the system reads pages as they are touched and shares them
/// among processes. A file that shrinks while it is mapped ends the process, so writers replace
/// files and never change them (see write_file_atomically).
class MappedFile {
 public:
  /// Throws std::system_error that names the path; an empty file is an empty span.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

/// Tells the system that these mapped bytes will be read here and there, so that it does not read
/// on behind each place (which may be megabytes). Reading them in order is slow from then on,
/// unless will_read_soon() goes ahead.
void will_read_anywhere(std::span<const std::byte> bytes);

/// Tells the system to begin reading these mapped bytes, and exactly these; returns at once.
void will_read_soon(std::span<const std::byte> bytes);

}  // namespace tandem
