#include "cifar.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "expect_refusal.h"
#include "file_bytes.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

const std::vector<std::string> kClasses = {"a", "b", "c"};

/// One record: the label bytes and 3072 pixels that depend on `step`.
Bytes record(Bytes label_bytes, std::size_t step) {
  const Bytes pixels = patterned_bytes(3072, step);
  label_bytes.insert(label_bytes.end(), pixels.begin(), pixels.end());
  return label_bytes;
}

Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

TEST(ReadCifar, KeepsTheOrderOfBatchesAndRecords) {
  const TemporaryFolder folder;
  const auto first = write_bytes(folder.path() / "1.bin", record({2}, 3) + record({0}, 5));
  const auto second = write_bytes(folder.path() / "2.bin", record({1}, 7));
  const Dataset dataset = read_cifar("tiny", CifarKind::kCifar10, {first, second}, kClasses);
  EXPECT_EQ(dataset.image_shape(), (ImageShape{3, 32, 32}));
  EXPECT_TRUE(torch::equal(dataset.labels(), torch::tensor({2, 0, 1}, torch::kInt64)));
  const std::size_t steps[] = {3, 5, 7};
  for (int sample = 0; sample < 3; ++sample) {
    EXPECT_TRUE(torch::equal(dataset.images()[sample].flatten(),
                             torch::tensor(patterned_bytes(3072, steps[sample]), torch::kUInt8)));
  }
}

TEST(ReadCifar, TakesTheFineLabelOfCifar100) {
  const TemporaryFolder folder;
  const auto path = write_bytes(folder.path() / "t.bin", record({9, 1}, 3) + record({8, 2}, 5));
  const Dataset dataset = read_cifar("tiny", CifarKind::kCifar100, {path}, kClasses);
  EXPECT_TRUE(torch::equal(dataset.labels(), torch::tensor({1, 2}, torch::kInt64)));
  EXPECT_TRUE(torch::equal(dataset.images()[1].flatten(),
                           torch::tensor(patterned_bytes(3072, 5), torch::kUInt8)));
}

TEST(ReadCifar, RefusesFilesThatAreNoWholeNumberOfRecords) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "t.bin";
  const auto read = [&] { read_cifar("tiny", CifarKind::kCifar10, {path}, kClasses); };
  Bytes bytes = record({0}, 3);
  bytes.pop_back();
  write_bytes(path, bytes);
  expect_refusal(read, {path.string(), "expected a positive multiple of 3073", "found 3072"});
  write_bytes(path, record({0}, 3) + Bytes{1});
  expect_refusal(read, {path.string(), "expected a positive multiple of 3073", "found 3074"});
  write_bytes(path, {});
  expect_refusal(read, {path.string(), "expected a positive multiple of 3073", "found 0"});
}

TEST(ReadCifar, RefusesALabelOutsideTheClasses) {
  const TemporaryFolder folder;
  const auto path = write_bytes(folder.path() / "t.bin", record({2}, 3) + record({3}, 5));
  expect_refusal([&] { read_cifar("tiny", CifarKind::kCifar10, {path}, kClasses); },
                 {path.string(), "expected labels in 0..2", "found 3 in record 1"});
}

TEST(ReadCifar, RefusesAMissingFile) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "t.bin";
  expect_refusal([&] { read_cifar("tiny", CifarKind::kCifar10, {path}, kClasses); },
                 {path.string(), "No such file"});
}

}  // namespace
}  // namespace tandem
