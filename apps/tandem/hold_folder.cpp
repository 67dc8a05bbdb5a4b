#include "hold_folder.h"

#include "console.h"
#include "tandem/core/printable.h"

namespace tandem {

FolderLock hold_folder(const std::filesystem::path& folder, const StopOnSignal& stop) {
  return FolderLock(folder, [folder, &stop] {
    tell("tandem: {} was taken over by another process; stopping\n", printable(folder.string()));
    stop.request();
  });
}

}  // namespace tandem
