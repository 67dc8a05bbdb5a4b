#include "tandem/core/folder_entries.h"

#include <algorithm>
#include <system_error>

#include "tandem/core/system_error.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

void add_entries_below(const fs::path& folder, std::vector<fs::path>& found) {
  for (const fs::path& path : entries_in(folder)) {
    found.push_back(path);
    if (fs::is_directory(fs::symlink_status(path))) {
      add_entries_below(path, found);
    }
  }
}

}  // namespace

std::vector<fs::path> entries_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    found.push_back(entry->path());
  }
  if (error) {  // the standard library's own error would not say which folder
    throw_system_error("cannot list", folder, error.value());
  }
  std::ranges::sort(found);
  return found;
}

std::vector<fs::path> entries_below(const fs::path& folder) {
  std::vector<fs::path> found;
  add_entries_below(folder, found);
  return found;
}

}  // namespace tandem
