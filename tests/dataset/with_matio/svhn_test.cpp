#include "svhn.h"

#include <gtest/gtest.h>
#include <matio.h>

#include "expect_refusal.h"
#include "file_bytes.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

const std::vector<std::string> kNames = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

struct MatContent {
  std::vector<std::size_t> x_shape = {32, 32, 3, 2};
  std::vector<std::uint8_t> labels = {10, 3};
  bool doubles = false;
  matio_compression compression = MAT_COMPRESSION_ZLIB;
};

void write_variable(mat_t* file, const char* name, matio_classes type, matio_types data_type,
                    std::vector<std::size_t> shape, const void* data,
                    matio_compression compression) {
  matvar_t* variable = Mat_VarCreate(name, type, data_type, static_cast<int>(shape.size()),
                                     shape.data(), const_cast<void*>(data), 0);
  Mat_VarWrite(file, variable, compression);
  Mat_VarFree(variable);
}

std::filesystem::path write_mat(const std::filesystem::path& path, const MatContent& content) {
  mat_t* file = Mat_CreateVer(path.c_str(), nullptr, MAT_FT_MAT5);
  std::size_t count = 1;
  for (const std::size_t size : content.x_shape) {
    count *= size;
  }
  const Bytes pixels = patterned_bytes(count);
  write_variable(file, "X", MAT_C_UINT8, MAT_T_UINT8, content.x_shape, pixels.data(),
                 content.compression);
  const std::vector<std::size_t> shape = {content.labels.size(), 1};
  const std::vector<double> doubles(content.labels.begin(), content.labels.end());
  if (content.doubles) {
    write_variable(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, shape, doubles.data(),
                   content.compression);
  } else {
    write_variable(file, "y", MAT_C_UINT8, MAT_T_UINT8, shape, content.labels.data(),
                   content.compression);
  }
  Mat_Close(file);
  return path;
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

TEST(ReadSvhn, RefusesATruncatedFileWhereverItEnds) {
  const TemporaryFolder folder;
  for (const auto compression : {MAT_COMPRESSION_NONE, MAT_COMPRESSION_ZLIB}) {
    const auto path =
        write_mat(folder.path() / "whole.mat", {.labels = {1, 2}, .compression = compression});
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
