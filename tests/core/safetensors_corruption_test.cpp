#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tandem/core/atomic_file.h"
#include "tandem/core/key.h"
#include "tandem/core/safetensors.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

std::string with_length(std::uint64_t length, const std::string& rest) {
  std::string bytes(sizeof(length), '\0');
  std::memcpy(bytes.data(), &length, sizeof(length));
  return bytes + rest;
}

std::string file_of(const std::string& header, std::size_t data_bytes) {
  return with_length(header.size(), header + std::string(data_bytes, '\0'));
}

/// Plain writing: fsync a thousand times takes ten seconds.
void write_plainly(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Writes `bytes` to a file and expects that reading it is refused with the file's path and `why`.
void expect_refused(const std::string& bytes, const std::string& why) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "corrupt.safetensors";
  write_plainly(path, bytes);
  EXPECT_THAT([&] { read_safetensors(path); },
              ThrowsMessage<std::runtime_error>(AllOf(StartsWith(path.string()), HasSubstr(why))));
}

std::string entry(std::string_view name, std::string_view dtype, std::string_view shape,
                  std::string_view offsets) {
  return fmt::format(R"("{}":{{"dtype":"{}","shape":{},"data_offsets":{}}})", name, dtype, shape,
                     offsets);
}

std::string header_of(std::initializer_list<std::string> entries) {
  return fmt::format("{{{}}}", fmt::join(entries, ","));
}

std::string one(std::string_view dtype, std::string_view shape, std::string_view offsets) {
  return header_of({entry("x", dtype, shape, offsets)});
}

TEST(CorruptSafetensors, TheValidFormOfTheseFilesIsRead) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "valid.safetensors";
  write_plainly(path, file_of(one("U8", "[2,3]", "[0,6]"), 6));
  EXPECT_TRUE(
      torch::equal(read_safetensors(path).tensors.at("x"), torch::zeros({2, 3}, torch::kUInt8)));
}

TEST(CorruptSafetensors, RefusesTruncatedFiles) {
  const std::string whole = file_of(one("U8", "[6]", "[0,6]"), 6);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    expect_refused(whole.substr(0, size), "");
  }
  expect_refused("", "expected at least 8 bytes, found 0");
}

TEST(CorruptSafetensors, RefusesHeaderLengthsBeyondTheFile) {
  const std::string header = one("U8", "[6]", "[0,6]");
  for (const std::uint64_t length : {std::uint64_t{header.size() + 7}, std::uint64_t{1} << 32,
                                     std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    expect_refused(with_length(length, header + "123456"), "the header claims");
  }
}

TEST(CorruptSafetensors, RefusesHeadersThatAreNotJsonObjects) {
  for (const std::string header :
       {"", " ", "{", "{]", "{\"x\":}", "{} {}", "\xff\xfe", "{'x':1}"}) {
    expect_refused(file_of(header, 0), "not JSON");
  }
  for (const std::string& header : {std::string("{}\0", 3), std::string("{}\0{", 4)}) {
    expect_refused(file_of(header, 0), "a zero byte");
  }
  for (const std::string header : {"[]", "3", "null", "\"x\""}) {
    expect_refused(file_of(header, 0), "must be a JSON object");
  }
}

TEST(CorruptSafetensors, RefusesOverlapsAndGaps) {
  expect_refused(
      file_of(header_of({entry("x", "U8", "[4]", "[0,4]"), entry("y", "U8", "[4]", "[2,6]")}), 6),
      "'y' begins at byte 2 where 4 was expected");
  expect_refused(
      file_of(header_of({entry("x", "U8", "[2]", "[0,2]"), entry("y", "U8", "[2]", "[4,6]")}), 6),
      "'y' begins at byte 4 where 2 was expected");
  expect_refused(file_of(one("U8", "[2]", "[4,6]"), 6), "'x' begins at byte 4");
  expect_refused(
      file_of(header_of({entry("x", "U8", "[4]", "[0,4]"), entry("y", "U8", "[4]", "[0,4]")}), 4),
      "where 4 was expected");
}

TEST(CorruptSafetensors, RefusesTrailingAndMissingBytes) {
  expect_refused(file_of(one("U8", "[6]", "[0,6]"), 7), "take 6 bytes, the file holds 7");
  expect_refused(file_of(one("U8", "[6]", "[0,6]"), 5), "take 6 bytes, the file holds 5");
  expect_refused(file_of("{}", 1), "take 0 bytes, the file holds 1");
}

TEST(CorruptSafetensors, RefusesDuplicateKeys) {
  const std::string x = entry("x", "U8", "[2]", "[0,2]");
  expect_refused(file_of(header_of({x, x}), 2), "key 'x' appears twice");
  expect_refused(
      file_of(R"({"x":{"dtype":"U8","dtype":"I8","shape":[2],"data_offsets":[0,2]}})", 2),
      "key 'dtype' appears twice");
  expect_refused(file_of(R"({"__metadata__":{"a":"1","a":"2"}})", 0), "key 'a' appears twice");
}

TEST(CorruptSafetensors, RefusesUnknownDtypes) {
  expect_refused(file_of(one("F8_E4M3", "[2]", "[0,2]"), 2), "unknown dtype \"F8_E4M3\"");
  expect_refused(file_of(one("u8", "[2]", "[0,2]"), 2), "unknown dtype \"u8\"");
  expect_refused(file_of(R"({"x":{"dtype":3,"shape":[2],"data_offsets":[0,2]}})", 2),
                 "unknown dtype 3");
}

TEST(CorruptSafetensors, RefusesShapesThatOverflow) {
  expect_refused(file_of(one("U8", "[4294967296,4294967296]", "[0,0]"), 0), "overflows");
  expect_refused(file_of(one("F64", "[2305843009213693952]", "[0,0]"), 0), "overflows");
  expect_refused(file_of(one("U8", "[9223372036854775808]", "[0,0]"), 0), "overflows");
  // The product is zero, and so would the file's size be, but its strides do not fit.
  expect_refused(file_of(one("U8", "[0,4294967296,4294967296]", "[0,0]"), 0), "overflows");
  expect_refused(file_of(one("U8", "[4294967296,4294967296,0]", "[0,0]"), 0), "overflows");
  expect_refused(file_of(one("U8", "[18446744073709551616]", "[0,0]"), 0), "non-negative integer");
}

TEST(CorruptSafetensors, RefusesNumbersThatAreNotNaturals) {
  for (const std::string size : {"-1", "-0", "2.0", "2e0", "\"2\"", "null", "[2]", "true"}) {
    expect_refused(file_of(one("U8", fmt::format("[{}]", size), "[0,2]"), 2),
                   "non-negative integer");
    expect_refused(file_of(one("U8", "[2]", fmt::format("[0,{}]", size)), 2),
                   "non-negative integer");
  }
  expect_refused(file_of(one("U8", "[1e999]", "[0,2]"), 2), "not JSON");
}

TEST(CorruptSafetensors, RefusesOffsetsThatDisagreeWithTheShape) {
  expect_refused(file_of(one("F32", "[2]", "[0,7]"), 7), "[2] needs 8 bytes");
  expect_refused(file_of(one("U8", "[2]", "[2,0]"), 2), "[2] needs 2 bytes");
  expect_refused(file_of(one("U8", "[2]", "[0]"), 2), "must be [begin, end]");
  expect_refused(file_of(one("U8", "[2]", "[0,1,2]"), 2), "must be [begin, end]");
  expect_refused(file_of(one("U8", "[2]", "2"), 2), "must be [begin, end]");
  expect_refused(file_of(one("U8", "2", "[0,2]"), 2), "must be a list");
}

TEST(CorruptSafetensors, RefusesEntriesWithMissingOrForeignFields) {
  expect_refused(file_of(R"({"x":{"dtype":"U8","shape":[2]}})", 2), "needs exactly");
  expect_refused(file_of(R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"more":1}})", 2),
                 "needs exactly");
  expect_refused(file_of(R"({"x":[]})", 0), "needs exactly");
}

TEST(CorruptSafetensors, RefusesMetadataThatIsNotText) {
  expect_refused(file_of(R"({"__metadata__":[]})", 0), "must be an object");
  expect_refused(file_of(R"({"__metadata__":{"a":1}})", 0), "metadata 'a' must be text");
}

TEST(CorruptSafetensors, RefusesDeepNestingBeforeItExhaustsTheStack) {
  for (const std::string open : {"[", "{\"a\":"}) {
    std::string header = "{\"x\":";
    for (int i = 0; i < 1'000'000; ++i) {
      header += open;
    }
    expect_refused(file_of(header, 0), "nested too deeply");
  }
}

TEST(CorruptSafetensors, RefusesTruthValuesOtherThanZeroAndOne) {
  std::string bytes = file_of(one("BOOL", "[2]", "[0,2]"), 2);
  bytes.back() = 2;
  expect_refused(bytes, "a byte other than 0 and 1");
}

/// Flips bits of `bytes`, cuts it, or repeats a part of it.
std::string mutated(std::string bytes, RandomStream& random) {
  const auto place = [&] { return random.below(static_cast<std::uint32_t>(bytes.size())); };
  switch (random.below(4)) {
    case 0:
      bytes.resize(place());
      break;
    case 1: {
      const std::uint32_t begin = place();
      bytes.insert(place(), bytes.substr(begin, random.below(64)));
      break;
    }
    default:
      for (std::uint32_t flips = 1 + random.below(8); flips > 0; --flips) {
        bytes[place()] ^= static_cast<char>(1 << random.below(8));
      }
  }
  return bytes;
}

/// The file's content, or nothing if it is refused as the world's fault; other errors pass.
std::optional<TensorFile> read_or_refuse(const std::filesystem::path& path) {
  try {
    return read_safetensors(path);
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), StartsWith(path.string()));
    return std::nullopt;
  }
}

TEST(CorruptSafetensors, ReadsOrRefusesAThousandMutationsOfAValidFile) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file.safetensors";
  write_safetensors(path, {.tensors = {{"bias", torch::arange(5)},
                                       {"empty", torch::empty({0, 3})},
                                       {"mask", torch::ones({7}, torch::kBool)},
                                       {"weight", torch::ones({3, 4})}},
                           .metadata = {{"format", "1"}, {"teacher", "resnet"}}});
  const std::string valid = read_file(path);
  int read = 0, refused = 0;
  for (std::uint32_t index = 0; index < 1000; ++index) {
    RandomStream random({.seed = 20, .stream = Stream::kInit, .index = index});
    write_plainly(path, mutated(valid, random));
    if (const auto file = read_or_refuse(path)) {
      ++read;
      for (const auto& [name, tensor] : file->tensors) {
        tensor.to(torch::kFloat64).sum().item<double>();  // touches every element
      }
    } else {
      ++refused;
    }
  }
  // Flips in the data go unseen (a checksum's matter), flips in the header rarely do.
  EXPECT_GT(read, 10);
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace tandem
