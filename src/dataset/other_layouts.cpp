#include "other_layouts.h"

#include <fmt/format.h>

#include "found_files_error.h"
#include "tandem/core/system_error.h"
#include "tandem/dataset/original_files.h"

namespace tandem {
namespace fs = std::filesystem;

void refuse_other_layouts(const std::string& name, const fs::path& folder, const std::string& file,
                          const OtherLayouts& others) {
  if (!find_original(folder, file).empty()) {
    return;
  }
  for (const std::string& inner : others.inner_folders) {
    if (!find_original(folder / inner, file).empty()) {
      throw FoundFilesError(
          fmt::format("{}: expected {} there, found it in {}; name that folder: {}",
                      folder.string(), file, inner, (folder / inner).string()));
    }
  }
  if (others.pickled_folder.empty()) {
    return;
  }
  for (const fs::path& pickled :
       {folder / others.pickled_file, folder / others.pickled_folder / others.pickled_file}) {
    if (file_type_at(pickled) == fs::file_type::regular) {
      throw FoundFilesError(fmt::format(
          "{}: expected {} of the binary version, found {}, pickled for Python, which is not read; "
          "the binary version comes with: tandem data fetch {} --folder {}",
          folder.string(), file, pickled.string(), name, folder.string()));
    }
  }
}

}  // namespace tandem
