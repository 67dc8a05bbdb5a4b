// Safetensors that need not fit into memory: mapped when read, made in pieces when written.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cstring>
#include <fstream>
#include <numeric>
#include <stdexcept>

#include "tandem/core/atomic_file.h"
#include "tandem/core/safetensors.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// Bytes 0, 1, 2, ... one by one.
TensorStream counting(const std::string& name, torch::Dtype dtype,
                      const std::vector<std::int64_t>& shape, int bytes) {
  return {name, dtype, shape, [bytes](const ByteSink& sink) {
            for (int k = 0; k < bytes; ++k) {
              const auto byte = static_cast<std::byte>(k);
              sink({&byte, 1});
            }
          }};
}

std::vector<TensorStream> mixed_streams() {
  return {counting("bytes", torch::kUInt8, {3}, 3), counting("wide", torch::kInt64, {2}, 16),
          counting("a_half", torch::kHalf, {1}, 2), counting("half", torch::kHalf, {2}, 4),
          counting("float", torch::kFloat32, {1, 1}, 4)};
}

TEST(StreamedSafetensors, StandByFallingSizeOfElementsAndThenByName) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "file", mixed_streams(), {{"key", "value"}});
  const std::string bytes = read_file(folder.path() / "file");
  const SafetensorsHeader header = parse_safetensors_header(bytes, bytes.size(), "file");
  std::vector<std::string> names;
  for (const TensorEntry& entry : header.entries) {
    names.push_back(entry.name);
    EXPECT_EQ((header.data_offset + entry.begin) % torch::elementSize(entry.dtype), 0u)
        << entry.name;
  }
  EXPECT_THAT(names, ElementsAre("wide", "float", "a_half", "half", "bytes"));
  EXPECT_EQ(header.metadata.at("key"), "value");
}

TEST(StreamedSafetensors, HoldTheBytesThatWereProduced) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "file", mixed_streams(), {});
  const TensorFile file = read_safetensors(folder.path() / "file");
  EXPECT_TRUE(torch::equal(file.tensors.at("bytes"), torch::tensor({0, 1, 2}, torch::kUInt8)));
  EXPECT_EQ(file.tensors.at("wide")[0].item<std::int64_t>(), 0x0706050403020100);
}

TEST(StreamedSafetensors, AreTheFileThatTheirTensorsInMemoryMake) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "streamed", mixed_streams(), {{"key", "value"}});
  write_safetensors(folder.path() / "again", read_safetensors(folder.path() / "streamed"));
  EXPECT_EQ(read_file(folder.path() / "streamed"), read_file(folder.path() / "again"));
}

TEST(StreamedSafetensors, ThatGiveAnotherNumberOfBytesLeaveNoFile) {
  const TemporaryFolder folder;
  for (const int bytes : {0, 3, 5}) {
    const auto write = [&] {
      write_safetensors(
          folder.path() / "file",
          {counting("x", torch::kUInt8, {4}, bytes), counting("y", torch::kUInt8, {1}, 1)}, {});
    };
    EXPECT_THAT(write, ThrowsMessage<std::logic_error>(HasSubstr("stream of 'x' ended at byte")));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  }
}

TEST(StreamedSafetensors, OfOneNameAreRefused) {
  const TemporaryFolder folder;
  const auto write = [&] {
    write_safetensors(folder.path() / "file",
                      {counting("x", torch::kUInt8, {1}, 1), counting("x", torch::kHalf, {1}, 2)},
                      {});
  };
  EXPECT_THAT(write, ThrowsMessage<std::invalid_argument>(HasSubstr("'x' cannot be the name")));
}

TEST(StreamedSafetensors, OfANegativeExtentAreRefused) {
  const TemporaryFolder folder;
  const auto write = [&] {
    write_safetensors(folder.path() / "file", {counting("x", torch::kUInt8, {-1, -1}, 1)}, {});
  };
  EXPECT_THAT(write, ThrowsMessage<std::invalid_argument>(HasSubstr("'x'")));
}

TEST(MappedSafetensors, HoldWhatReadingHolds) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "file", mixed_streams(), {{"key", "value"}});
  const TensorFile mapped = map_safetensors(folder.path() / "file");
  const TensorFile read = read_safetensors(folder.path() / "file");
  EXPECT_EQ(mapped.metadata, read.metadata);
  ASSERT_EQ(mapped.tensors.size(), read.tensors.size());
  for (const auto& [name, tensor] : read.tensors) {
    EXPECT_TRUE(torch::equal(mapped.tensors.at(name), tensor)) << name;
  }
}

TEST(MappedSafetensors, AreTheFilesBytesThemselvesAndOutliveTheRest) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  write_safetensors(path, {.tensors = {{"x", torch::zeros({4}, torch::kUInt8)},
                                       {"y", torch::ones({4}, torch::kUInt8)}},
                           .metadata = {}});
  torch::Tensor x, copy;
  {
    const TensorFile mapped = map_safetensors(path);
    x = mapped.tensors.at("x");
    EXPECT_EQ(static_cast<const char*>(mapped.tensors.at("y").data_ptr()),
              static_cast<const char*>(x.data_ptr()) + 4);
    copy = read_safetensors(path).tensors.at("x");
  }
  // A writer that changes a file in place breaks the rule of MappedFile; here it shows that the
  // one tensor is the file and the other a copy.
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-8, std::ios::end).put(7).flush();
  EXPECT_EQ(x[0].item<int>(), 7);
  EXPECT_EQ(copy[0].item<int>(), 0);
}

TEST(MappedSafetensors, OfAnotherWriterMayStandAtOddBytes) {
  const TemporaryFolder folder;
  const std::string header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                             R"("b":{"dtype":"I64","shape":[2],"data_offsets":[1,17]}})";
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  bytes += header + '\x01';
  for (int k = 0; k < 16; ++k) {
    bytes += static_cast<char>(k % 8 == 0 ? k + 1 : 0);
  }
  write_file_atomically(folder.path() / "file", bytes);
  const TensorFile file = read_safetensors(folder.path() / "file");
  EXPECT_TRUE(torch::equal(file.tensors.at("b"), torch::tensor({1, 9}, torch::kInt64)));
}

}  // namespace
}  // namespace tandem
