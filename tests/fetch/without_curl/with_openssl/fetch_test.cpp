// A build that lacks OpenSSL too says so first: nothing is fetched that cannot be checked.
#include "tandem/fetch/fetch.h"

#include <gtest/gtest.h>

#include "expect_refusal.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

TEST(FetchDataset, AsksNoMirrorsWhereItCannotDownload) {
  const TemporaryFolder folder;
  const DatasetInfo info{.name = "set",
                         .files = {{"set.bin"}},
                         .downloads = {{"http://127.0.0.1:9/set.bin", "", ""}},
                         .mirrors = {"http://127.0.0.1:9/mirror/"}};
  int warnings = 0;
  expect_refusal(
      [&] {
        fetch_dataset(info, {.folder = folder.path() / "data",
                             .on_progress = {},
                             .warn = [&](const std::string&) { ++warnings; }});
      },
      {"cannot fetch set", "no libcurl"});
  EXPECT_EQ(warnings, 0);
}

}  // namespace
}  // namespace tandem
