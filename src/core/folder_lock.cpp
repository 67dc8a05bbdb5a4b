#include "tandem/core/folder_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "tandem/core/system_error.h"

namespace tandem {

FolderLock::FolderLock(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw_system_error("cannot create folder", folder, error.value());
  }
  const std::filesystem::path path = folder / ".lock";
  // Not O_CLOEXEC: child processes hold the folder too, until the last of them has ended.
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT, 0644);
  if (descriptor_ < 0) {
    throw_system_error("cannot write to", folder);
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    ::close(descriptor_);
    if (reason != EWOULDBLOCK) {
      throw_system_error("cannot lock", folder, reason);
    }
    throw std::runtime_error(fmt::format(
        "{} is in use by another tandem process; wait for it or stop it first", folder.string()));
  }
}

FolderLock::~FolderLock() {
  ::close(descriptor_);
}

}  // namespace tandem
