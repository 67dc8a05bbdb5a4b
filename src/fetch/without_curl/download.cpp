#include "download.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {

bool can_download() {
  return false;
}

void download_file(const std::string& url, const std::filesystem::path&, const DownloadOptions&) {
  throw std::runtime_error(
      fmt::format("{}: this build of Tandem has no libcurl, which downloads need; install it "
                  "(Debian: libcurl4-openssl-dev) and configure with -DTANDEM_FETCH=ON",
                  url));
}

}  // namespace tandem
