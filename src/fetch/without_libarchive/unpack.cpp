#include "unpack.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {

void unpack_archive(const std::filesystem::path& archive, const std::filesystem::path&,
                    const UnpackLimits&, const std::stop_token&) {
  throw std::runtime_error(
      fmt::format("{}: this build of Tandem has no libarchive, which unpacking needs; install it "
                  "(Debian: libarchive-dev) and configure with -DTANDEM_FETCH=ON",
                  archive.string()));
}

}  // namespace tandem
