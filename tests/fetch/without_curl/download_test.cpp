#include "download.h"

#include <gtest/gtest.h>

#include "expect_refusal.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

TEST(DownloadFile, SaysWhatThisBuildLacks) {
  const TemporaryFolder folder;
  expect_refusal(
      [&] { download_file("http://127.0.0.1:9/set.bin", folder.path() / "set.bin", {}); },
      {"http://127.0.0.1:9/set.bin", "no libcurl", "-DTANDEM_FETCH=ON"});
}

}  // namespace
}  // namespace tandem
