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

TEST(FolderLock, NamesAFolderThatCannotBeOne) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "file", "");
  EXPECT_THAT([&] { FolderLock lock(folder.path() / "file"); },
              ThrowsMessage<std::runtime_error>(HasSubstr((folder.path() / "file").string())));
}

}  // namespace
}  // namespace tandem
