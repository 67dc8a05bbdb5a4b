#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "tandem/core/lease.h"

namespace tandem {

/// Holds a folder for this process and the children it starts, and clears it of the temporary files
/// that killed processes left there. Whoever asks for a folder that is held is told so; once the
/// last that holds it has ended, however it ended, it is free.
class FolderLock {
 public:
  /// Throws std::runtime_error if another process holds the folder, or if it cannot be written. For
  /// `on_lost` see Lease.
  explicit FolderLock(const std::filesystem::path& folder, std::function<void()> on_lost = {});

 private:
  std::unique_ptr<Lease> lease_;
};

}  // namespace tandem
