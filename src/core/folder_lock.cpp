#include "tandem/core/folder_lock.h"

#include <fmt/format.h>

#include <stdexcept>
#include <system_error>
#include <utility>

#include "tandem/core/atomic_file.h"
#include "tandem/core/system_error.h"

namespace tandem {

FolderLock::FolderLock(const std::filesystem::path& folder, std::function<void()> on_lost) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw_system_error("cannot create folder", folder, error.value());
  }
  const std::filesystem::path path = folder / ".lease";
  lease_ = Lease::take(path, std::move(on_lost));
  if (!lease_) {
    const std::string holder = holder_of_lease(path);
    throw std::runtime_error(
        fmt::format("{} is in use by another tandem process{}; wait for it or stop it first",
                    folder.string(), holder.empty() ? "" : " (" + holder + ")"));
  }
  remove_temporary_files(folder);
}

}  // namespace tandem
