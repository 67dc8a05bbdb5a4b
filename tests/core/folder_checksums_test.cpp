#include "tandem/core/folder_checksums.h"

#include <gtest/gtest.h>

#include "expect_refusal.h"
#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

class FolderChecksums : public testing::Test {
 protected:
  FolderChecksums() {
    write_file_atomically(folder_ / "record.json", "{}\n");
    write_file_atomically(folder_ / "weights" / "a.bin", std::string(1000, 'a'));
    write_file_atomically(folder_ / ".lock", "");
    write_file_atomically(folder_ / "passing", "x");
    write_checksums(folder_, {"passing"});
  }

  void expect_refused(const std::vector<std::string>& words) const {
    expect_refusal([&] { check_files(folder_, "do this"); }, words);
  }

  TemporaryFolder temporary_;
  fs::path folder_ = temporary_.path() / "done";
};

TEST_F(FolderChecksums, StandInTheFormatOfXxh128sum) {
  // printf '{}\n' | xxh128sum
  EXPECT_EQ(read_file(folder_ / "checksums.txt").substr(0, 46),
            "7809095c382d5f77daa13e4f205dc5ba  record.json\n");
}

TEST_F(FolderChecksums, AcceptTheFolderAsItWasWrittenAndMoved) {
  check_files(folder_, "do this");
  check_file(folder_, "record.json", "do this");
  fs::rename(folder_, temporary_.path() / "moved");
  check_files(temporary_.path() / "moved", "do this");
}

TEST_F(FolderChecksums, NameAFileThatIsGoneOrChangedAndSayWhatToDo) {
  fs::remove(folder_ / "weights" / "a.bin");
  expect_refused({(folder_ / "weights" / "a.bin").string(), "gone", "do this"});
  check_file(folder_, "record.json", "do this");
  write_file_atomically(folder_ / "weights" / "a.bin", std::string(999, 'a') + "b");
  expect_refused({"a.bin", "not what was written", "do this"});
}

TEST_F(FolderChecksums, AreThemselvesRefusedWhereTheyAreDamaged) {
  const std::string whole = read_file(folder_ / "checksums.txt");
  for (const std::string& damaged :
       {std::string(), "x" + whole, whole.substr(0, 20), "0" + whole.substr(1)}) {
    write_file_atomically(folder_ / "checksums.txt", damaged);
    expect_refused({"do this"});
  }
}

TEST_F(FolderChecksums, ListEveryFileThatIsAskedFor) {
  expect_refusal([&] { check_file(folder_, "passing", "do this"); }, {"does not list 'passing'"});
}

TEST_F(FolderChecksums, FollowAChangeUnlessTheFolderWasDamagedBefore) {
  change_files(folder_, "do this", [&] { fs::remove_all(folder_ / "weights"); });
  check_files(folder_, "do this");
  write_file_atomically(folder_ / "record.json", "[]\n");
  expect_refusal([&] { change_files(folder_, "do this", [] { FAIL(); }); }, {"record.json"});
}

TEST_F(FolderChecksums, OfAFolderThatHasNoneAskNothing) {
  fs::remove(folder_ / "checksums.txt");
  fs::remove(folder_ / "record.json");
  EXPECT_FALSE(has_checksums(folder_));
  check_files(folder_, "do this");
  check_file(folder_, "record.json", "do this");
}

}  // namespace
}  // namespace tandem
