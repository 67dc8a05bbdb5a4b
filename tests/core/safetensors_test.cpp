#include "tandem/core/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cstring>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::ThrowsMessage;

TensorFile written_and_read(const TensorFile& file) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "file.safetensors", file);
  return read_safetensors(folder.path() / "file.safetensors");
}

std::string written(const TensorFile& file) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "file.safetensors", file);
  return read_file(folder.path() / "file.safetensors");
}

class SafetensorsDtype : public testing::TestWithParam<torch::Dtype> {};

TEST_P(SafetensorsDtype, SurvivesTheRoundTripInEveryShape) {
  TensorFile file;
  file.tensors["scalar"] = torch::ones({}, GetParam());
  file.tensors["empty"] = torch::empty({3, 0, 2}, GetParam());
  file.tensors["one"] = torch::zeros({1}, GetParam());
  file.tensors["many"] = torch::arange(2 * 3 * 4).reshape({2, 3, 4}).to(GetParam());
  const TensorFile read = written_and_read(file);
  ASSERT_EQ(read.tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    const torch::Tensor& found = read.tensors.at(name);
    EXPECT_EQ(found.scalar_type(), GetParam()) << name;
    EXPECT_EQ(found.sizes(), tensor.sizes()) << name;
    EXPECT_TRUE(torch::equal(found, tensor)) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, SafetensorsDtype,
                         testing::Values(torch::kBool, torch::kUInt8, torch::kInt8, torch::kInt16,
                                         torch::kInt32, torch::kInt64, torch::kHalf,
                                         torch::kBFloat16, torch::kFloat32, torch::kFloat64),
                         [](const auto& dtype) { return torch::toString(dtype.param); });

TEST(Safetensors, KeepsMetadataAndNamesInAnyScript) {
  TensorFile file;
  file.tensors["gewicht/\u00e4 \"quoted\""] = torch::zeros({2});
  file.metadata = {{"teacher", "resnet"}, {"empty", ""}, {"line", "a\nb"}};
  const TensorFile read = written_and_read(file);
  EXPECT_EQ(read.metadata, file.metadata);
  EXPECT_TRUE(read.tensors.contains("gewicht/\u00e4 \"quoted\""));
}

TEST(Safetensors, KeepsAFileWithoutTensors) {
  const TensorFile read = written_and_read({.tensors = {}, .metadata = {{"a", "b"}}});
  EXPECT_TRUE(read.tensors.empty());
  EXPECT_THAT(read.metadata, ElementsAre(Pair("a", "b")));
}

TEST(Safetensors, KeepsNotANumberBitByBit) {
  const std::uint32_t bits = 0x7fc12345;
  torch::Tensor tensor = torch::zeros({1});
  std::memcpy(tensor.data_ptr(), &bits, sizeof(bits));
  const TensorFile read = written_and_read({.tensors = {{"nan", tensor}}, .metadata = {}});
  EXPECT_EQ(std::memcmp(read.tensors.at("nan").data_ptr(), &bits, sizeof(bits)), 0);
}

TEST(Safetensors, WritesStridedAndSparseTensorsAsContiguous) {
  const torch::Tensor matrix = torch::arange(6).reshape({2, 3});
  const torch::Tensor images =
      torch::arange(24).reshape({1, 2, 3, 4}).contiguous(torch::MemoryFormat::ChannelsLast);
  const TensorFile read = written_and_read({.tensors = {{"transposed", matrix.t()},
                                                        {"channels_last", images},
                                                        {"sparse", matrix.to_sparse()}},
                                            .metadata = {}});
  EXPECT_TRUE(torch::equal(read.tensors.at("transposed"), matrix.t()));
  EXPECT_TRUE(torch::equal(read.tensors.at("channels_last"), images));
  EXPECT_TRUE(torch::equal(read.tensors.at("sparse"), matrix));
}

TEST(Safetensors, WritesParametersWithoutTheirGradients) {
  const torch::Tensor parameter = torch::ones({2}, torch::requires_grad());
  const TensorFile read = written_and_read({.tensors = {{"w", parameter}}, .metadata = {}});
  EXPECT_FALSE(read.tensors.at("w").requires_grad());
  EXPECT_TRUE(torch::equal(read.tensors.at("w"), parameter));
}

TEST(Safetensors, IsLaidOutAsTheFormatSays) {
  const std::string bytes =
      written({.tensors = {{"x", torch::tensor({1, 2}, torch::kUInt8)}}, .metadata = {}});
  std::string header = R"({"x":{"data_offsets":[0,2],"dtype":"U8","shape":[2]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  EXPECT_EQ(bytes, std::string{static_cast<char>(header.size())} + std::string(7, '\0') + header +
                       "\x01\x02");
}

TEST(Safetensors, BeginsItsDataAtAMultipleOfEightBytes) {
  for (int length = 1; length < 20; ++length) {
    const std::string bytes =
        written({.tensors = {{std::string(length, 'n'), torch::ones({1})}}, .metadata = {}});
    const SafetensorsHeader header = parse_safetensors_header(bytes, bytes.size(), "file");
    EXPECT_EQ(header.data_offset % 8, 0u);
    EXPECT_EQ(header.data_offset + sizeof(float), bytes.size());
  }
}

TEST(Safetensors, IsTheSameFileForTheSameContent) {
  const TensorFile file{.tensors = {{"b", torch::ones({3})}, {"a", torch::zeros({2})}},
                        .metadata = {{"k", "v"}}};
  EXPECT_EQ(written(file), written(file));
}

TEST(Safetensors, AnnouncesItsTensorsInTheOrderOfTheirData) {
  const std::string bytes =
      written({.tensors = {{"b", torch::ones({3})}, {"a", torch::zeros({2})}}, .metadata = {}});
  const SafetensorsHeader header = parse_safetensors_header(bytes, bytes.size(), "file");
  ASSERT_EQ(header.entries.size(), 2u);
  EXPECT_EQ(header.entries[0].name, "a");
  EXPECT_THAT(header.entries[1].shape, ElementsAre(3));
  EXPECT_EQ(header.entries[1].begin, 8u);
  EXPECT_EQ(header.entries[1].end, 20u);
}

TEST(Safetensors, NeedsNoMoreThanTheHeaderToParseIt) {
  const std::string bytes = written({.tensors = {{"x", torch::ones({1000})}}, .metadata = {}});
  const std::string prefix = bytes.substr(0, bytes.size() - 4000);
  EXPECT_EQ(parse_safetensors_header(prefix, bytes.size(), "file").entries.size(), 1u);
}

TEST(Safetensors, RefusesToWriteWhatTheFormatCannotHold) {
  const TemporaryFolder folder;
  const auto write = [&](const std::string& name, const torch::Tensor& tensor) {
    write_safetensors(folder.path() / "file", {.tensors = {{name, tensor}}, .metadata = {}});
  };
  EXPECT_THAT([&] { write("none", {}); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("'none' is undefined")));
  EXPECT_THAT([&] { write("complex", torch::zeros({1}, torch::kComplexFloat)); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("ComplexFloat")));
  EXPECT_THAT([&] { write("__metadata__", torch::zeros({1})); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("__metadata__")));
  EXPECT_THAT([&] { write("\xff", torch::zeros({1})); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("UTF-8")));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace tandem
