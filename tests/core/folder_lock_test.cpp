#include "tandem/core/folder_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(FolderLock, IsHeldByOneAtATime) {
  const TemporaryFolder folder;
  std::optional<FolderLock> first(folder.path());
  EXPECT_THAT([&] { FolderLock second(folder.path()); },
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr(folder.path().string()), HasSubstr("in use"))));
  first.reset();
  EXPECT_NO_THROW(FolderLock(folder.path()));
}

TEST(FolderLock, LeavesOtherFoldersFree) {
  const TemporaryFolder one, other;
  const FolderLock lock(one.path());
  EXPECT_NO_THROW(FolderLock(other.path()));
}

TEST(FolderLock, MakesTheFolder) {
  const TemporaryFolder folder;
  const FolderLock lock(folder.path() / "a" / "b");
  EXPECT_TRUE(std::filesystem::is_directory(folder.path() / "a" / "b"));
}

TEST(FolderLock, ClearsWhatKilledProcessesLeft) {
  const TemporaryFolder folder;
  const std::filesystem::path left = folder.path() / "trials" / "a.json.tmp-0123abcd-77-3";
  const std::filesystem::path older = folder.path() / "a.json.tmp-4711-0";
  const std::filesystem::path kept = folder.path() / "a.tmp-b";
  for (const auto& path : {left, older, kept}) {
    write_file_atomically(path, "");
  }
  const FolderLock lock(folder.path());
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_FALSE(std::filesystem::exists(older));
  EXPECT_TRUE(std::filesystem::exists(kept));
}

TEST(FolderLock, NamesAFolderThatCannotBeOne) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "file", "");
  EXPECT_THAT([&] { FolderLock lock(folder.path() / "file"); },
              ThrowsMessage<std::runtime_error>(HasSubstr((folder.path() / "file").string())));
}

}  // namespace
}  // namespace tandem
