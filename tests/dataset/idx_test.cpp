#include "idx.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "expect_refusal.h"
#include "file_bytes.h"
#include "temporary_folder.h"
#include "without_privileges.h"

namespace tandem {
namespace {

/// Expects read_idx to refuse a file of these bytes with its path and `parts` in the message.
void expect_refused(const Bytes& bytes, std::vector<std::string> parts) {
  const TemporaryFolder folder;
  const auto path = write_bytes(folder.path() / "broken-idx", bytes);
  parts.push_back(path.string());
  expect_refusal([&] { read_idx(path); }, parts);
}

TEST(ReadIdx, GivesTheBytesInTheShapeOfTheHeader) {
  const TemporaryFolder folder;
  const Bytes data = patterned_bytes(2 * 3 * 5);
  const auto tensor = read_idx(write_bytes(folder.path() / "idx", idx_bytes({2, 3, 5}, data)));
  EXPECT_EQ(tensor.sizes(), torch::IntArrayRef({2, 3, 5}));
  EXPECT_EQ(tensor.dtype(), torch::kUInt8);
  EXPECT_EQ(tensor[1][2][4].item<int>(), data.back());
  EXPECT_EQ(tensor[0][1][0].item<int>(), data[5]);
}

TEST(ReadIdx, ReadsAGzippedFileLikeThePlainOne) {
  const TemporaryFolder folder;
  const Bytes bytes = idx_bytes({40, 28, 28}, patterned_bytes(40 * 28 * 28));
  EXPECT_TRUE(torch::equal(read_idx(write_bytes(folder.path() / "plain", bytes)),
                           read_idx(write_gzipped(folder.path() / "gzipped.gz", bytes))));
}

TEST(ReadIdx, RefusesATruncatedHeader) {
  const Bytes whole = idx_bytes({2, 3}, patterned_bytes(6));
  expect_refused({}, {"expected a magic number of 4 bytes", "found 0"});
  expect_refused(Bytes(whole.begin(), whole.begin() + 3), {"4 bytes", "found 3"});
  expect_refused(Bytes(whole.begin(), whole.begin() + 10), {"a header of 12 bytes", "found 10"});
}

TEST(ReadIdx, RefusesATruncatedBodyAndNamesItsPath) {
  expect_refused(idx_bytes({2, 3}, patterned_bytes(5)), {"2 x 3", "found at most 5"});
}

TEST(ReadIdx, RefusesBytesAfterTheBody) {
  expect_refused(idx_bytes({2, 3}, patterned_bytes(7)), {"expected 6 bytes", "found more"});
}

TEST(ReadIdx, RefusesAWrongMagicNumber) {
  expect_refused({1, 2, 8, 1, 0, 0, 0, 1, 9}, {"expected an idx magic number", "01 02 08 01"});
  expect_refused({0, 0, 8, 0}, {"expected an idx magic number", "00 00 08 00"});
  expect_refused({0, 0, 8, 200}, {"expected an idx magic number", "00 00 08 c8"});
}

TEST(ReadIdx, RefusesOtherTypesThanUnsignedBytes) {
  expect_refused({0, 0, 0x0d, 1, 0, 0, 0, 1, 9}, {"expected type 0x08", "found type 0x0d"});
}

TEST(ReadIdx, RefusesASizeOfZero) {
  expect_refused(idx_bytes({0, 3}, {}), {"positive sizes", "dimension 0"});
}

TEST(ReadIdx, DoesNotAllocateWhatALyingHeaderStates) {
  // 2^128 bytes and 2^64 bytes would overflow, 2^40 would fit a machine's address space.
  expect_refused(idx_bytes({~0u, ~0u, ~0u, ~0u}, {1}), {"found at most 1"});
  expect_refused(idx_bytes({1u << 31, 1u << 31, 4}, {1}), {"found at most 1"});
  expect_refused(idx_bytes({1u << 20, 1u << 20}, {1}), {"found at most 1"});

  const TemporaryFolder folder;
  const auto path = write_gzipped(folder.path() / "idx.gz", idx_bytes({1u << 20, 1u << 20}, {1}));
  expect_refusal([&] { read_idx(path); }, {path.string(), "1048576 x 1048576"});
}

TEST(ReadIdx, RefusesGzippedDataThatIsCutOrLong) {
  const TemporaryFolder folder;
  const auto cut = write_gzipped(folder.path() / "short.gz", idx_bytes({6}, patterned_bytes(5)));
  expect_refusal([&] { read_idx(cut); }, {cut.string(), "expected 6 bytes", "found 5"});
  const auto lengthy = write_gzipped(folder.path() / "long.gz", idx_bytes({6}, Bytes(7)));
  expect_refusal([&] { read_idx(lengthy); }, {lengthy.string(), "expected 6 bytes", "found more"});
}

TEST(ReadIdx, RefusesBrokenGzipData) {
  const TemporaryFolder folder;
  Bytes noise(4000);
  std::uint32_t state = 1;
  for (auto& byte : noise) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  const auto path = write_gzipped(folder.path() / "idx.gz", idx_bytes({4000}, noise));
  const Bytes whole = read_bytes(path);

  // Cut anywhere: in the stream and in the checksum and length after it.
  for (const std::size_t size : {whole.size() / 2, whole.size() - 8, whole.size() - 1}) {
    write_bytes(path, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    expect_refusal([&] { read_idx(path); }, {path.string(), "expected intact data"});
  }
  // One changed bit of the content is found by the checksum.
  Bytes changed = whole;
  changed[changed.size() / 2] ^= 1;
  write_bytes(path, changed);
  expect_refusal([&] { read_idx(path); }, {path.string(), "expected intact data"});
}

TEST(ReadIdx, RefusesAMissingFileAndAFolder) {
  const TemporaryFolder folder;
  const auto missing = folder.path() / "nothing";
  expect_refusal([&] { read_idx(missing); }, {missing.string(), "No such file"});
  expect_refusal([&] { read_idx(folder.path()); }, {folder.path().string()});
}

TEST(ReadIdx, SaysWhatTheSystemSaysOfAFileThatMayNotBeRead) {
  const TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  const auto path = write_bytes(folder.path() / "idx", idx_bytes({2}, {0, 1}));
  std::filesystem::permissions(path, std::filesystem::perms::none);
  const WithoutPrivileges permissions_hold;
  expect_system_error([&] { read_idx(path); }, std::errc::permission_denied, {path.string()});
}

class ReadIdxDataset : public testing::Test {
 protected:
  Dataset read(const Bytes& image_bytes, const Bytes& label_bytes) const {
    return read_idx_dataset("two", write_bytes(images, image_bytes),
                            write_bytes(labels, label_bytes), {"a", "b", "c"});
  }

  TemporaryFolder folder;
  std::filesystem::path images = folder.path() / "images";
  std::filesystem::path labels = folder.path() / "labels";
  Bytes good_images = idx_bytes({2, 3, 5}, patterned_bytes(30));
};

TEST_F(ReadIdxDataset, JoinsImagesAndLabels) {
  const Dataset dataset = read(good_images, idx_bytes({2}, {2, 0}));
  EXPECT_EQ(dataset.size(), 2);
  EXPECT_EQ(dataset.image_shape(), (ImageShape{1, 3, 5}));
  EXPECT_TRUE(torch::equal(dataset.labels(), torch::tensor({2, 0}, torch::kInt64)));
  EXPECT_TRUE(torch::equal(dataset.images().flatten(0, 1), read_idx(images)));
}

TEST_F(ReadIdxDataset, RefusesAnotherNumberOfLabelsThanImages) {
  expect_refusal(
      [&] {
        read(good_images, idx_bytes({3}, {0, 1, 2}));
      },
      {images.string(), labels.string(), "expected 2 labels", "found 3"});
}

TEST_F(ReadIdxDataset, RefusesALabelOutsideTheClasses) {
  expect_refusal(
      [&] {
        read(good_images, idx_bytes({2}, {0, 3}));
      },
      {labels.string(), "expected labels in 0..2", "found 3 in record 1"});
}

TEST_F(ReadIdxDataset, RefusesFilesOfTheOtherKind) {
  expect_refusal(
      [&] {
        read(idx_bytes({2}, {0, 1}), idx_bytes({2}, {0, 1}));
      },
      {images.string(), "expected images"});
  expect_refusal([&] { read(good_images, good_images); }, {labels.string(), "expected labels"});
}

}  // namespace
}  // namespace tandem
