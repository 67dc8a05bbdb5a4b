#include "svhn.h"

#include <fmt/format.h>

#include "found_files_error.h"
#include "size_of_file.h"

namespace tandem {

Dataset read_svhn(std::string, const std::filesystem::path& path, std::vector<std::string>) {
  size_of_file(path);  // a missing file is the nearer trouble
  throw FoundFilesError(
      fmt::format("{}: this build of Tandem has no matio, which MATLAB files need; install it "
                  "(Debian: libmatio-dev) and configure with -DTANDEM_MATLAB=ON",
                  path.string()));
}

}  // namespace tandem
