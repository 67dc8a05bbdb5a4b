#include "tandem/core/folder_entries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expect_refusal.h"
#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

TEST(FolderEntries, AreInTheOrderOfTheirNames) {
  const TemporaryFolder folder;
  for (const char* name : {"c", "a", "b/d"}) {
    write_file_atomically(folder.path() / name, "");
  }
  const auto& root = folder.path();
  EXPECT_THAT(entries_in(root), testing::ElementsAre(root / "a", root / "b", root / "c"));
  EXPECT_THAT(entries_below(root),
              testing::ElementsAre(root / "a", root / "b", root / "b/d", root / "c"));
}

TEST(FolderEntries, AreRefusedByTheNameOfTheFolder) {
  const TemporaryFolder folder;
  expect_refusal([&] { entries_in(folder.path() / "none"); }, {"cannot list", "none", "No such"});
}

}  // namespace
}  // namespace tandem
