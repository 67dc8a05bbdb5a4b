#include "tandem/core/folder_entries.h"

#include <algorithm>
#include <system_error>

#include "tandem/core/system_error.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

template <typename Iterator>
std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (Iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    found.push_back(entry->path());
  }
  if (error) {  // of the standard library's own, it would not say of which folder
    throw_system_error("cannot list", folder, error.value());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

std::vector<fs::path> entries_in(const fs::path& folder) {
  return entries<fs::directory_iterator>(folder);
}

std::vector<fs::path> entries_below(const fs::path& folder) {
  return entries<fs::recursive_directory_iterator>(folder);
}

}  // namespace tandem
