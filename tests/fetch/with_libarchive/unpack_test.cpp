#include "unpack.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "archives.h"
#include "expect_refusal.h"
#include "file_bytes.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/interrupted.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

/// Where an archive lies, the folder that it is unpacked to, and a place outside that folder.
struct Unpacked {
  TemporaryFolder temporary;
  fs::path folder = temporary.path() / "data";
  fs::path outside = temporary.path() / "outside";

  Unpacked() { fs::create_directories(folder); }

  void of(const std::string& name, const std::vector<Member>& members,
          const UnpackLimits& limits = {}) const {
    unpack_archive(write_archive(temporary.path() / name, members), folder, limits);
  }
};

TEST(UnpackArchive, BringsFilesAndFoldersOutOfTarAndZip) {
  for (const char* name : {"set.tar.gz", "set.zip"}) {
    const Unpacked unpacked;
    unpacked.of(name, {{.name = "set/", .type = AE_IFDIR},
                       {.name = "set/a.txt", .content = "first"},
                       {.name = "set/deep/b.txt", .content = std::string(200'000, 'b')}});
    EXPECT_EQ(read_file(unpacked.folder / "set/a.txt"), "first") << name;
    EXPECT_EQ(read_file(unpacked.folder / "set/deep/b.txt"), std::string(200'000, 'b')) << name;
    EXPECT_EQ(fs::status(unpacked.folder / "set/a.txt").permissions() & fs::perms::others_write,
              fs::perms::none);
  }
}

TEST(UnpackArchive, DoesNotMoveTheWorkingFolderOfTheProcess) {
  const Unpacked unpacked;
  const fs::path before = fs::current_path();
  unpacked.of("set.tar.gz", {{.name = "a", .content = "a"}});
  EXPECT_EQ(fs::current_path(), before);
}

TEST(UnpackArchive, RefusesMembersThatWouldLandOutside) {
  for (const char* name : {"set.tar.gz", "set.zip"}) {
    const Unpacked unpacked;
    for (const std::string& member :
         {std::string("../outside"), std::string("set/../../outside"), unpacked.outside.string()}) {
      expect_refusal([&] { unpacked.of(name, {{.name = member, .content = "x"}}); },
                     {name, "member", "outside"});
      EXPECT_FALSE(fs::exists(unpacked.outside)) << member;
    }
  }
}

TEST(UnpackArchive, RefusesLinksAndDevicesAndWritingThroughALink) {
  const Unpacked unpacked;
  fs::create_directories(unpacked.outside);
  expect_refusal([&] { unpacked.of("a.tar.gz", {{.name = "door", .link = "../outside"}}); },
                 {"member 'door'", "expected a file or a folder, found a link"});
  expect_refusal([&] { unpacked.of("b.zip", {{.name = "door", .link = "/etc/passwd"}}); },
                 {"member 'door'", "found a link"});
  expect_refusal([&] { unpacked.of("c.tar.gz", {{.name = "pipe", .type = AE_IFIFO}}); },
                 {"member 'pipe'"});
  EXPECT_TRUE(fs::is_empty(unpacked.folder));

  fs::create_directory_symlink(unpacked.outside, unpacked.folder / "door");
  expect_refusal([&] { unpacked.of("d.tar.gz", {{.name = "door/x", .content = "x"}}); },
                 {"member 'door/x'"});
  EXPECT_TRUE(fs::is_empty(unpacked.outside));
}

TEST(UnpackArchive, RefusesWhatUnpacksToMoreThanTheLimits) {
  const Unpacked unpacked;
  const UnpackLimits limits{.bytes = 1000, .members = 3};
  unpacked.of("fits.tar.gz", {{.name = "a", .content = std::string(1000, 'a')}}, limits);
  for (const char* name : {"bomb.tar.gz", "bomb.zip"}) {
    expect_refusal(
        [&] { unpacked.of(name, {{.name = "b", .content = std::string(1 << 20, '\0')}}, limits); },
        {name, "member 'b'", "at most 1000 bytes"});
    EXPECT_FALSE(fs::exists(unpacked.folder / "b"));
  }
  expect_refusal(
      [&] {
        unpacked.of("two.tar.gz",
                    {{.name = "c", .content = std::string(600, 'c')},
                     {.name = "d", .content = std::string(600, 'd')}},
                    limits);
      },
      {"member 'd'", "at most 1000 bytes"});
  expect_refusal(
      [&] {
        unpacked.of("many.tar.gz", {{.name = "1"}, {.name = "2"}, {.name = "3"}, {.name = "4"}},
                    limits);
      },
      {"member '4'", "at most 3 members"});
}

TEST(UnpackArchive, RefusesMembersThatClaimMoreThanTheArchiveCanHold) {
  const Unpacked unpacked;
  // A tar header of 512 bytes that claims 2 GB, in octal, with its checksum.
  std::string header(512, '\0');
  header.replace(0, 4, "huge").replace(100, 7, "0000644").replace(124, 11, "17777777777");
  header.replace(148, 8, 8, ' ').replace(156, 1, "0").replace(257, 8, "ustar\00000", 8);
  unsigned sum = 0;
  for (const char letter : header) {
    sum += static_cast<unsigned char>(letter);
  }
  header.replace(148, 7, fmt::format("{:06o}", sum) + '\0');
  const fs::path path = unpacked.temporary.path() / "huge.tar";
  write_file_atomically(path, header + std::string(512, 'x'));
  expect_refusal([&] { unpack_archive(path, unpacked.folder); },
                 {"member 'huge'", "at most 1056768 bytes, found more"});
  EXPECT_TRUE(fs::is_empty(unpacked.folder));
}

TEST(UnpackArchive, RefusesWhatIsTruncatedOrNoArchive) {
  const Unpacked unpacked;
  std::string content(300'000, ' ');
  for (std::size_t k = 0; k < content.size(); ++k) {
    content[k] = static_cast<char>(k * k % 251);
  }
  for (const char* name : {"set.tar.gz", "set.zip"}) {
    const fs::path path =
        write_archive(unpacked.temporary.path() / name, {{.name = "a", .content = content}});
    fs::resize_file(path, fs::file_size(path) / 2);
    expect_refusal([&] { unpack_archive(path, unpacked.folder); }, {name});
  }
  const fs::path page = unpacked.temporary.path() / "page.zip";
  write_file_atomically(page, "<html>this network wants you to log in</html>");
  expect_refusal([&] { unpack_archive(page, unpacked.folder); }, {"page.zip", "expected"});
  expect_refusal([&] { unpack_archive("missing.zip", unpacked.folder); }, {"missing.zip"});
}

TEST(UnpackArchive, EndsWhenItIsAskedTo) {
  const Unpacked unpacked;
  const fs::path path =
      write_archive(unpacked.temporary.path() / "set.zip", {{.name = "a", .content = "a"}});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(unpack_archive(path, unpacked.folder, {}, stop.get_token()), Interrupted);
}

}  // namespace
}  // namespace tandem
