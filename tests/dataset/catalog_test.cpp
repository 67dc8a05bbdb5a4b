#include "tandem/dataset/catalog.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>

#include "expect_refusal.h"
#include "file_bytes.h"
#include "temporary_folder.h"
#include "without_privileges.h"

namespace tandem {
namespace {

TEST(Catalog, ListsTheKnownNamesToWhoeverAsksForAnother) {
  try {
    load_dataset("imagenet", Split::kTrain);
    FAIL() << "expected a std::invalid_argument";
  } catch (const std::invalid_argument& error) {
    for (const std::string& name : dataset_names()) {
      EXPECT_THAT(error.what(), testing::HasSubstr(name));
    }
  }
  EXPECT_THAT(dataset_names(), testing::IsSupersetOf({"cifar10", "cifar100", "fashion-mnist",
                                                      "mnist", "stacked-fashion-mnist", "svhn"}));
}

TEST(Catalog, SaysHowToGetFilesThatAreMissing) {
  const TemporaryFolder folder;
  for (const std::string& name : dataset_names()) {
    for (const Split split : {Split::kTrain, Split::kTest}) {
      expect_refusal([&] { load_dataset(name, split, {.folder = folder.path()}); },
                     {folder.path().string(), "to get the files of " + name});
    }
  }
  expect_refusal([&] { load_dataset("fashion-mnist", Split::kTrain, {.folder = folder.path()}); },
                 {"apt-get install dataset-fashion-mnist"});
}

TEST(Catalog, TakesIdxFilesGzippedOrPlain) {
  const TemporaryFolder folder;
  const Bytes images = idx_bytes({2, 28, 28}, patterned_bytes(2 * 28 * 28));
  write_bytes(folder.path() / "t10k-images-idx3-ubyte", images);
  write_gzipped(folder.path() / "t10k-labels-idx1-ubyte.gz", idx_bytes({2}, {7, 3}));
  const Dataset dataset = load_dataset("mnist", Split::kTest, {.folder = folder.path()});
  EXPECT_EQ(dataset.size(), 2);
  EXPECT_EQ(dataset.class_names()[7], "7");
  EXPECT_TRUE(torch::equal(dataset.labels(), torch::tensor({7, 3}, torch::kInt64)));
}

TEST(Catalog, TakesIdxFilesThatAreCalledWithADot) {
  const TemporaryFolder folder;
  write_bytes(folder.path() / "t10k-images.idx3-ubyte",
              idx_bytes({2, 28, 28}, patterned_bytes(2 * 28 * 28)));
  write_gzipped(folder.path() / "t10k-labels.idx1-ubyte.gz", idx_bytes({2}, {7, 3}));
  const Dataset dataset = load_dataset("mnist", Split::kTest, {.folder = folder.path()});
  EXPECT_TRUE(torch::equal(dataset.labels(), torch::tensor({7, 3}, torch::kInt64)));
}

TEST(Catalog, NamesTheFormsInWhichPeopleHaveTheFiles) {
  const auto expect = [](const std::string& name, const std::string& file,
                         const std::vector<std::string>& words) {
    const TemporaryFolder folder;
    std::filesystem::create_directories((folder.path() / file).parent_path());
    write_bytes(folder.path() / file, {1});
    for (const Split split : {Split::kTrain, Split::kTest}) {
      expect_refusal([&] { load_dataset(name, split, {.folder = folder.path()}); }, words);
    }
  };
  expect("cifar10", "data_batch_1", {"pickled for Python", "tandem data fetch cifar10 --folder"});
  expect("cifar10", "cifar-10-batches-py/data_batch_1", {"pickled", "cifar-10-batches-py"});
  expect("cifar100", "cifar-100-python/train", {"pickled", "tandem data fetch cifar100"});
  expect("cifar10", "cifar-10-batches-bin/data_batch_1.bin", {"name that folder"});
  expect("cifar100", "cifar-100-binary/train.bin", {"cifar-100-binary; name that folder"});
}

TEST(Catalog, GivesNoAdviceOnFetchingFilesThatMayNotBeRead) {
  const TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  write_bytes(folder.path() / "t10k-images-idx3-ubyte", idx_bytes({2, 28, 28}, Bytes(2 * 28 * 28)));
  write_bytes(folder.path() / "t10k-labels-idx1-ubyte", idx_bytes({2}, {7, 3}));
  std::filesystem::permissions(folder.path() / "t10k-images-idx3-ubyte",
                               std::filesystem::perms::none);
  const WithoutPrivileges permissions_hold;
  try {
    load_dataset("fashion-mnist", Split::kTest, {.folder = folder.path()});
    ADD_FAILURE() << "expected a std::system_error";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), testing::EndsWith("t10k-images-idx3-ubyte: Permission denied"));
  }
}

TEST(Catalog, ReadsTheFilesOfCifar10InTheirOrder) {
  const TemporaryFolder folder;
  for (int batch = 1; batch <= 5; ++batch) {
    Bytes bytes(3073);
    bytes[0] = static_cast<std::uint8_t>(batch);
    write_bytes(folder.path() / ("data_batch_" + std::to_string(batch) + ".bin"), bytes);
  }
  Bytes bytes(3073);
  bytes[0] = 9;
  write_bytes(folder.path() / "test_batch.bin", bytes);
  const Dataset train = load_dataset("cifar10", Split::kTrain, {.folder = folder.path()});
  EXPECT_TRUE(torch::equal(train.labels(), torch::arange(1, 6)));
  const Dataset test = load_dataset("cifar10", Split::kTest, {.folder = folder.path()});
  EXPECT_TRUE(torch::equal(test.labels(), torch::tensor({9}, torch::kInt64)));
  EXPECT_EQ(test.class_names()[9], "truck");
}

TEST(Catalog, ReadsTheFilesOfCifar100) {
  const TemporaryFolder folder;
  Bytes bytes(3074);
  bytes[1] = 99;
  write_bytes(folder.path() / "train.bin", bytes);
  bytes[1] = 11;
  write_bytes(folder.path() / "test.bin", bytes);
  const Dataset train = load_dataset("cifar100", Split::kTrain, {.folder = folder.path()});
  const Dataset test = load_dataset("cifar100", Split::kTest, {.folder = folder.path()});
  EXPECT_EQ(train.labels()[0].item<int>(), 99);
  EXPECT_EQ(test.labels()[0].item<int>(), 11);

  // The canonical order of CIFAR-100's fine classes is the alphabetical one.
  const auto& names = train.class_names();
  ASSERT_EQ(names.size(), 100u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end(), std::less_equal<>()));
  EXPECT_EQ(names[11], "boy");
  EXPECT_EQ(names[99], "worm");
}

TEST(Catalog, RefusesFilesThatListTheClassesInAnotherOrder) {
  const TemporaryFolder folder;
  write_bytes(folder.path() / "test_batch.bin", Bytes(3073));
  const auto write_names = [&](std::string first, std::string second) {
    std::ofstream file(folder.path() / "batches.meta.txt");
    file << first << "\n" << second << "\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";
  };
  const LoadOptions options{.folder = folder.path()};
  write_names("airplane", "automobile");
  EXPECT_EQ(load_dataset("cifar10", Split::kTest, options).size(), 1);
  write_names("automobile", "airplane");
  expect_refusal([&] { load_dataset("cifar10", Split::kTest, options); },
                 {"batches.meta.txt", "class 0 to be 'airplane'", "found 'automobile'"});
  write_names("airplane", "");
  expect_refusal([&] { load_dataset("cifar10", Split::kTest, options); },
                 {"expected the 10 classes", "found 9"});
}

TEST(Catalog, WhatItSaysOfADataSetIsConsistent) {
  for (const std::string& name : dataset_names()) {
    const DatasetInfo& info = dataset_info(name);
    EXPECT_EQ(info.name, name);
    if (!info.class_names.empty()) {
      EXPECT_EQ(std::ssize(info.class_names), info.class_count) << name;
    }
    for (const OriginalFile& file : info.files) {
      EXPECT_TRUE(file.md5.empty() || file.md5.size() == 32) << file.path;
    }
    for (const Download& download : info.downloads) {
      EXPECT_EQ(download.md5.size(), 32u) << download.url;
    }
  }
}

/// Two images, from a folder that holds a file `dots`.
Dataset read_dots(std::string name, Split split, const LoadOptions& options) {
  if (!std::filesystem::exists(options.folder / "dots")) {
    throw std::runtime_error((options.folder / "dots").string() + ": expected it, found nothing");
  }
  const std::int64_t value = split == Split::kTrain ? 1 : 2;
  return Dataset(std::move(name), torch::full({2, 1, 3, 3}, value, torch::kUInt8), torch::arange(2),
                 {"one", "two"});
}

TEST(Catalog, TakesADataSetOfOnesOwn) {
  register_dataset({.name = "dots", .how_to_get = "draw them"}, read_dots);
  EXPECT_THAT(dataset_names(), testing::Contains("dots"));
  EXPECT_EQ(dataset_info("dots").how_to_get, "draw them");
  EXPECT_EQ(default_data_folder("dots"), std::filesystem::path("data/dots"));

  const TemporaryFolder folder;
  write_bytes(folder.path() / "dots", {});
  const Dataset dataset = load_dataset("dots", Split::kTest, {.folder = folder.path()});
  EXPECT_EQ(dataset.name(), "dots/test");
  EXPECT_EQ(*dataset.pixels(1), 2);
  expect_refusal([&] { load_dataset("dots", Split::kTrain); },
                 {"data/dots/dots", "to get the files of dots: draw them"});
  EXPECT_THROW(load_dataset("dots", Split::kTest, {.folder = folder.path(), .size = 16}),
               std::invalid_argument);
}

TEST(Catalog, RefusesANameTwiceAndNoName) {
  EXPECT_THAT(
      [] { register_dataset({.name = "mnist"}, read_dots); },
      testing::ThrowsMessage<std::invalid_argument>("data set 'mnist' is registered twice"));
  EXPECT_THROW(register_dataset({}, read_dots), std::invalid_argument);
  EXPECT_THROW(register_dataset({.name = "nothing"}, nullptr), std::invalid_argument);
  EXPECT_THAT(dataset_names(), testing::Not(testing::Contains("nothing")));
}

TEST(Catalog, FashionMnistIsBalancedAndComplete) {
  const auto folder = default_data_folder("fashion-mnist");
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << folder << " is missing: apt-get install dataset-fashion-mnist";
  }
  for (const auto& [split, size] : {std::pair{Split::kTrain, 60000}, {Split::kTest, 10000}}) {
    const Dataset dataset = load_dataset("fashion-mnist", split);
    EXPECT_EQ(dataset.size(), size);
    EXPECT_EQ(dataset.image_shape(), (ImageShape{1, 28, 28}));
    EXPECT_EQ(dataset.class_count(), 10);
    EXPECT_TRUE(torch::equal(torch::bincount(dataset.labels()),
                             torch::full({10}, size / 10, torch::kInt64)));
  }
  // The published statistics of the training pixels.
  const auto statistics = load_dataset("fashion-mnist", Split::kTrain).channel_statistics();
  EXPECT_NEAR(statistics.mean[0], 0.2860, 1e-4);
  EXPECT_NEAR(statistics.stddev[0], 0.3530, 1e-4);
}

}  // namespace
}  // namespace tandem
