#pragma once

#include <filesystem>

#include "tandem/core/folder_lock.h"
#include "tandem/core/stop_on_signal.h"

namespace tandem {

/// Holds the folder of a command's results. Where another process takes it over, since this one
/// could not renew its lease (a disk that does not answer, a machine that slept), the command is
/// asked to stop. `stop` must outlive the result.
FolderLock hold_folder(const std::filesystem::path& folder, const StopOnSignal& stop);

}  // namespace tandem
