#include "tandem/dataset/original_files.h"

#include "tandem/core/system_error.h"

namespace tandem {

std::string find_original(const std::filesystem::path& folder, const std::string& file) {
  std::string with_dot = file;
  if (const std::size_t dash = file.find("-idx"); dash != std::string::npos) {
    with_dot[dash] = '.';
  }
  for (const std::string& name : {file + ".gz", file, with_dot + ".gz", with_dot}) {
    if (file_type_at(folder / name) == std::filesystem::file_type::regular) {
      return name;
    }
  }
  return "";
}

}  // namespace tandem
