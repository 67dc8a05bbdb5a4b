#include "tandem/core/atomic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <vector>

#include "temporary_folder.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

/// While it lives, no file can grow beyond `bytes`: what a full disk does to a writer.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &limit_before_);
    handler_before_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, limit_before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &limit_before_);
    std::signal(SIGXFSZ, handler_before_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit limit_before_{};
  void (*handler_before_)(int) = SIG_DFL;
};

TEST(WriteFileAtomically, WritesWhatReadFileReads) {
  const TemporaryFolder folder;
  const std::string content("line\nzero \0 byte\xff", 17);
  write_file_atomically(folder.path() / "file", content);
  EXPECT_EQ(read_file(folder.path() / "file"), content);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("file"));
}

TEST(WriteFileAtomically, ClearsWhatAKilledProcessLeftOfTheSameFile) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "file";
  const pid_t child = ::fork();
  if (child == 0) {
    write_file_atomically(path, [](const ByteSink&) { ::kill(::getpid(), SIGKILL); });
  }
  ::waitpid(child, nullptr, 0);
  ASSERT_EQ(names_in(folder.path()).size(), 1u);
  write_file_atomically(folder.path() / "other", "");
  EXPECT_EQ(names_in(folder.path()).size(), 2u) << "it is another file's";
  write_file_atomically(path, "");
  EXPECT_THAT(names_in(folder.path()), testing::UnorderedElementsAre("file", "other"));
}

TEST(WriteFileAtomically, JoinsThePiecesInTheirOrder) {
  const TemporaryFolder folder;
  std::string expected;
  write_file_atomically(folder.path() / "file", [&](const ByteSink& sink) {
    for (int i = 0; i < 1000; ++i) {
      const std::string piece = std::to_string(i) + ",";
      expected += piece;
      sink(std::as_bytes(std::span(piece)));
    }
  });
  EXPECT_EQ(read_file(folder.path() / "file"), expected);
}

TEST(WriteFileAtomically, ReplacesTheWholeOldContent) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "file", "a long old content");
  write_file_atomically(folder.path() / "file", "new");
  EXPECT_EQ(read_file(folder.path() / "file"), "new");
  write_file_atomically(folder.path() / "file", "");
  EXPECT_EQ(read_file(folder.path() / "file"), "");
}

TEST(WriteFileAtomically, MakesMissingFolders) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "a" / "b" / "file", "content");
  EXPECT_EQ(read_file(folder.path() / "a" / "b" / "file"), "content");
}

TEST(WriteFileAtomically, KeepsTheOldContentWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "file";
  write_file_atomically(path, "old");
  {
    const FileSizeLimit limit(1000);
    EXPECT_THAT([&] { write_file_atomically(path, std::string(5000, 'x')); },
                ThrowsMessage<std::runtime_error>(
                    AllOf(HasSubstr(path.string()), HasSubstr("File too large"))));
  }
  EXPECT_EQ(read_file(path), "old");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("file"));
}

TEST(WriteFileAtomically, KeepsTheOldContentWhenTheProducerThrows) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "file";
  write_file_atomically(path, "old");
  const auto produce = [](const ByteSink& sink) {
    sink(std::as_bytes(std::span("half", 4)));
    throw std::domain_error("no more");
  };
  EXPECT_THROW(write_file_atomically(path, produce), std::domain_error);
  EXPECT_EQ(read_file(path), "old");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("file"));
}

TEST(WriteFileAtomically, RefusesAFolderAsTarget) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "taken");
  EXPECT_THAT([&] { write_file_atomically(folder.path() / "taken", "content"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("taken")));
  EXPECT_THAT(names_in(folder.path()), ElementsAre("taken"));
}

TEST(WriteFileAtomically, RefusesAFolderThatIsAFile) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "file", "content");
  EXPECT_THAT([&] { write_file_atomically(folder.path() / "file" / "below", "content"); },
              ThrowsMessage<std::runtime_error>(HasSubstr((folder.path() / "file").string())));
}

TEST(WriteFileAtomically, RefusesAFolderWithoutPermission) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root may write everywhere";
  }
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_THAT([&] { write_file_atomically(folder.path() / "file", "content"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("Permission denied")));
  fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST(ReadFile, NamesThePathItCannotRead) {
  const TemporaryFolder folder;
  const fs::path missing = folder.path() / "missing";
  EXPECT_THAT([&] { read_file(missing); },
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr(missing.string()), HasSubstr("No such file"))));
  EXPECT_THAT([&] { read_file(folder.path()); },
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr(folder.path().string()), HasSubstr("directory"))));
}

TEST(ReadFile, ReadsFilesThatDoNotKnowTheirSize) {
  EXPECT_THAT(read_file("/proc/self/status"), HasSubstr("VmRSS"));
}

TEST(RenameDurably, MovesAFolderWithItsContent) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "from" / "file", "content");
  rename_durably(folder.path() / "from", folder.path() / "to");
  EXPECT_EQ(read_file(folder.path() / "to" / "file"), "content");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("to"));
}

TEST(RenameDurably, RefusesATargetThatExistsEvenIfItIsEmpty) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "from" / "file", "content");
  fs::create_directory(folder.path() / "to");
  EXPECT_THAT([&] { rename_durably(folder.path() / "from", folder.path() / "to"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("exists")));
  EXPECT_EQ(read_file(folder.path() / "from" / "file"), "content");
}

TEST(RenameDurably, NamesBothPathsWhenTheSourceIsMissing) {
  const TemporaryFolder folder;
  EXPECT_THAT([&] { rename_durably(folder.path() / "from", folder.path() / "to"); },
              ThrowsMessage<std::runtime_error>(AllOf(HasSubstr("from"), HasSubstr("to"))));
}

}  // namespace
}  // namespace tandem
