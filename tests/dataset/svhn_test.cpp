#include "svhn.h"

#include <gtest/gtest.h>

#include <cstring>

#include "allocation_count.h"
#include "expect_refusal.h"
#include "file_bytes.h"
#include "mat_bytes.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

const std::vector<std::string> kNames = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

struct MatContent {
  std::vector<std::int32_t> x_shape = {32, 32, 3, 2};
  std::vector<std::uint8_t> labels = {10, 3};
  bool doubles = false;
  bool compressed = true;
};

std::vector<MatVariable> variables_of(const MatContent& content) {
  std::size_t count = 1;
  for (const std::int32_t size : content.x_shape) {
    count *= static_cast<std::size_t>(size);
  }
  Bytes labels;
  for (const std::uint8_t label : content.labels) {
    content.doubles ? append_number(labels, static_cast<double>(label)) : labels.push_back(label);
  }
  return {{.name = "X", .shape = content.x_shape, .data = patterned_bytes(count)},
          {.name = "y",
           .class_number = content.doubles ? 6u : 9u,
           .shape = {static_cast<std::int32_t>(content.labels.size()), 1},
           .data_type = content.doubles ? 9u : 2u,
           .data = labels}};
}

std::filesystem::path write_mat(const std::filesystem::path& path, const MatContent& content) {
  return write_bytes(path, mat_bytes(variables_of(content), content.compressed));
}

TEST(ReadSvhn, PutsMatlabsOrderRightAndTakesLabelTenForTheDigitZero) {
  const TemporaryFolder folder;
  for (const bool doubles : {false, true}) {
    const auto path = write_mat(folder.path() / "train.mat", {.doubles = doubles});
    const Dataset dataset = read_svhn("svhn/train", path, kNames);
    EXPECT_EQ(dataset.image_shape(), (ImageShape{3, 32, 32}));
    EXPECT_TRUE(torch::equal(dataset.labels(), torch::tensor({0, 3}, torch::kInt64)));
    const Bytes pixels = patterned_bytes(2 * 3 * 32 * 32);
    for (const auto& [i, channel, row, column] :
         std::vector<std::array<std::int64_t, 4>>{{0, 0, 0, 1}, {0, 2, 5, 31}, {1, 1, 30, 2}}) {
      EXPECT_EQ(dataset.images()[i][channel][row][column].item<int>(),
                pixels[static_cast<std::size_t>(row + 32 * (column + 32 * (channel + 3 * i)))]);
    }
  }
}

TEST(ReadSvhn, RefusesOtherShapesLabelsAndFiles) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "train.mat";
  const auto expect = [&](const MatContent& content, const std::vector<std::string>& words) {
    write_mat(path, content);
    expect_refusal([&] { read_svhn("svhn/train", path, kNames); }, words);
  };
  expect({.labels = {11, 3}}, {path.string(), "labels in 1..10", "11 in record 0"});
  expect({.labels = {1, 0}}, {"0 in record 1"});
  expect({.labels = {1, 2, 3}}, {"y of [2, 1]", "y of [3, 1]"});
  expect({.x_shape = {32, 32, 2, 2}}, {"X of uint8 [32, 32, 3, n]", "X of [32, 32, 2, 2]"});
  expect({.x_shape = {32, 32, 6}}, {"X of uint8 [32, 32, 3, n]"});
  write_bytes(path, patterned_bytes(5000));
  expect_refusal([&] { read_svhn("svhn/train", path, kNames); }, {"a MATLAB 5 file"});
  expect_refusal([&] { read_svhn("svhn/train", folder.path() / "none.mat", kNames); },
                 {"none.mat"});
}

/// Like mat_bytes, with the 4 bytes at `place` of the first element's parts overwritten.
Bytes lying_mat(std::size_t place, std::uint32_t lie, bool compressed) {
  const Bytes plain = mat_bytes(variables_of({}), false);
  constexpr std::size_t kHeader = 128, kTag = 8;
  Bytes parts(plain.begin() + kHeader, plain.end());
  std::memcpy(parts.data() + kTag + place, &lie, sizeof(lie));
  Bytes file(plain.begin(), plain.begin() + kHeader);
  if (compressed) {
    parts = deflated(parts);
    append_number(file, std::uint32_t{15});
    append_number(file, static_cast<std::uint32_t>(parts.size()));
  }
  file.insert(file.end(), parts.begin(), parts.end());
  return file;
}

TEST(ReadSvhn, AllocatesNothingThatTheFileCannotHold) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "lying.mat";
  // Bytes of the flags, of the sizes, a size itself, bytes of the name and of the numbers.
  for (const std::size_t place : {4, 20, 24, 36, 40, 52}) {
    for (const std::uint32_t lie : {0x7fffff00u, 0xfffffff0u, 0x40000000u}) {
      for (const bool compressed : {false, true}) {
        write_bytes(path, lying_mat(place, lie, compressed));
        const std::size_t bytes = bytes_asked_for(
            [&] { expect_refusal([&] { read_svhn("svhn/train", path, kNames); }, {"lying.mat"}); });
        EXPECT_LT(bytes, std::size_t{1} << 24) << place;
      }
    }
  }
}

TEST(ReadSvhn, RefusesATruncatedFileWhereverItEnds) {
  const TemporaryFolder folder;
  for (const bool compressed : {false, true}) {
    const auto path =
        write_mat(folder.path() / "whole.mat", {.labels = {1, 2}, .compressed = compressed});
    const Bytes whole = read_bytes(path);
    for (const double part : {0.01, 0.1, 0.5, 0.9}) {
      Bytes cut = whole;
      cut.resize(static_cast<std::size_t>(part * static_cast<double>(whole.size())));
      const auto cut_path = write_bytes(folder.path() / "cut.mat", cut);
      expect_refusal([&] { read_svhn("svhn/train", cut_path, kNames); }, {"cut.mat"});
    }
  }
}

}  // namespace
}  // namespace tandem
