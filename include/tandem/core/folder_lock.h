#pragma once

#include <filesystem>

namespace tandem {

/// Holds a folder for this process and the children it starts: another process that asks for the
/// same folder is told so. The system lets go of it when the last of them ends, however it ends.
class FolderLock {
 public:
  /// Throws std::runtime_error if another process holds the folder, or if it cannot be written.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace tandem
