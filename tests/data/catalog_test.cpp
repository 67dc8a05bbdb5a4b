#include "tandem/data/catalog.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>

#include "files.h"
#include "temporary_folder.h"

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
  EXPECT_THAT(dataset_names(), testing::ElementsAre("cifar10", "cifar100", "fashion-mnist", "mnist",
                                                    "stacked-fashion-mnist"));
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
