#include "tandem/core/mapped_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

std::string text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

TEST(MappedFile, ShowsTheBytesOfTheFile) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "file", std::string("a\0b", 3));
  EXPECT_EQ(text_of(MappedFile(folder.path() / "file")), std::string("a\0b", 3));
}

TEST(MappedFile, OfAnEmptyFileIsAnEmptySpan) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "file", "");
  EXPECT_TRUE(MappedFile(folder.path() / "file").bytes().empty());
}

TEST(MappedFile, KeepsItsContentWhenTheFileIsReplacedOrRemoved) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "file", "before");
  const MappedFile file(folder.path() / "file");
  write_file_atomically(folder.path() / "file", "after it");
  EXPECT_EQ(text_of(file), "before");
  std::filesystem::remove(folder.path() / "file");
  EXPECT_EQ(text_of(file), "before");
}

TEST(MappedFile, RefusesWhatIsNoFileAndNamesThePath) {
  const TemporaryFolder folder;
  const auto missing = folder.path() / "missing";
  EXPECT_THAT([&] { MappedFile file(missing); },
              ThrowsMessage<std::runtime_error>(HasSubstr(missing.string() + ": No such file")));
  EXPECT_THAT([&] { MappedFile file(folder.path()); },
              ThrowsMessage<std::runtime_error>(HasSubstr("Is a directory")));
  EXPECT_THAT([] { MappedFile file("/dev/zero"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("/dev/zero: Invalid argument")));
}

}  // namespace
}  // namespace tandem
