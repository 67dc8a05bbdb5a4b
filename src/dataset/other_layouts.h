#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tandem {

/// What people have of a data set where its original files are expected.
struct OtherLayouts {
  /// Below the folder: where an archive, or another program, puts the original files.
  std::vector<std::string> inner_folders;
  std::string pickled_folder;  ///< likewise, of the version for Python; empty: there is none
  std::string pickled_file;    ///< one of its files, in that folder or in the folder itself
};

/// Throws FoundFilesError where `file` is not in `folder` and another layout is; the error says
/// what was found and what to do for the data set `name`.
void refuse_other_layouts(const std::string& name, const std::filesystem::path& folder,
                          const std::string& file, const OtherLayouts& others);

}  // namespace tandem
