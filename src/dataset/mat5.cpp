#include "mat5.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "mat5_stream.h"
#include "tandem/core/atomic_file.h"

namespace tandem {
namespace {

constexpr std::size_t kHeaderBytes = 128;
constexpr std::string_view kLittleEndianVersion1{"\x00\x01IM", 4};  // at the header's end
constexpr std::uint32_t kMatrix = 14, kCompressed = 15;             // types of elements
constexpr std::uint32_t kInt8 = 1, kInt32 = 5, kUint32 = 6;
constexpr unsigned kClassDouble = 6, kClassUint8 = 9;
constexpr unsigned kComplex = 0x08;
constexpr std::uint32_t kMostDimensions = 32;
constexpr std::uint32_t kMostNameBytes = 256;  // MATLAB's names have 63 at most

/// What stands before an element's bytes.
struct MatTag {
  std::uint32_t type = 0;
  std::uint32_t bytes = 0;
};

/// The dtype of numbers as they are stored, which may be narrower than the array's class.
std::optional<torch::Dtype> dtype_of(std::uint32_t type) {
  switch (type) {
    case 1:
      return torch::kInt8;
    case 2:
      return torch::kUInt8;
    case 3:
      return torch::kInt16;
    case 5:
      return torch::kInt32;
    case 7:
      return torch::kFloat32;
    case 9:
      return torch::kFloat64;
    case 12:
      return torch::kInt64;
    default:
      return std::nullopt;
  }
}

/// What stands before an array's numbers.
struct MatHead {
  std::array<std::uint32_t, 2> flags{};
  std::vector<std::int64_t> shape;
  std::string name;

  unsigned class_number() const { return flags[0] & 0xff; }
  bool is_complex() const { return (flags[0] >> 8 & kComplex) != 0; }
};

/// Reads the parts of an array. Whatever is not as it should be is nothing or false.
class MatParts {
 public:
  explicit MatParts(MatStream& stream) : stream_(stream) {}

  /// The next part's type and size; its bytes follow.
  std::optional<MatTag> tag() {
    std::array<std::uint32_t, 2> words{};
    if (!stream_.read(std::as_writable_bytes(std::span(words).first(1)))) {
      return std::nullopt;
    }
    small_ = words[0] >> 16 != 0;  // up to 4 bytes stand in the tag itself
    if (small_) {
      return MatTag{.type = words[0] & 0xffff, .bytes = words[0] >> 16};
    }
    if (!stream_.read(std::as_writable_bytes(std::span(words).last(1)))) {
      return std::nullopt;
    }
    return MatTag{.type = words[0], .bytes = words[1]};
  }

  /// The bytes that the last tag announced, and the padding after them.
  bool content(std::span<std::byte> target) {
    const std::size_t unit = small_ ? 4 : 8;
    std::array<std::byte, 8> padding{};
    if ((small_ && target.size() > unit) || !stream_.read(target)) {
      return false;
    }
    stream_.read(std::span(padding).first((unit - target.size() % unit) % unit));
    return true;  // what follows may lack its padding, where it is the last
  }

  std::optional<MatHead> head() {
    MatHead head;
    const auto flags = tag();
    if (!flags || flags->type != kUint32 || flags->bytes != sizeof(head.flags) ||
        !content(std::as_writable_bytes(std::span(head.flags)))) {
      return std::nullopt;
    }
    const auto sizes = tag();
    if (!sizes || sizes->type != kInt32 || sizes->bytes % 4 != 0 || sizes->bytes < 8 ||
        sizes->bytes > 4 * kMostDimensions) {
      return std::nullopt;
    }
    std::vector<std::int32_t> shape(sizes->bytes / 4);
    const bool has_shape = content(std::as_writable_bytes(std::span(shape)));
    head.shape.assign(shape.begin(), shape.end());
    const auto name = has_shape ? tag() : std::nullopt;
    if (!name || name->type != kInt8 || name->bytes > kMostNameBytes) {
      return std::nullopt;
    }
    head.name.resize(name->bytes);
    if (!content(std::as_writable_bytes(std::span(head.name)))) {
      return std::nullopt;
    }
    return head;
  }

 private:
  MatStream& stream_;
  bool small_ = false;
};

/// What is in an element after the tag of its array; null where it holds something else.
std::unique_ptr<MatStream> matrix_in(const MatTag& tag, std::span<const std::byte> bytes) {
  if (tag.type != kCompressed) {
    return tag.type == kMatrix ? plain_stream(bytes) : nullptr;
  }
  std::unique_ptr<MatStream> stream = inflated_stream(bytes);
  MatTag inner;
  const bool has_tag = stream->read(std::as_writable_bytes(std::span(&inner, 1)));
  return has_tag && inner.type == kMatrix ? std::move(stream) : nullptr;
}

std::int64_t count_numbers(const MatFile& file, const MatHead& head, std::int64_t most) {
  std::int64_t count = 1;
  for (const std::int64_t size : head.shape) {
    if (size < 1 || size > most / count) {
      file.fail(fmt::format("{} within the file's size", head.name),
                fmt::format("one of [{}]", fmt::join(head.shape, ", ")));
    }
    count *= size;
  }
  return count;
}

MatArray read_numbers(const MatFile& file, const MatHead& head, MatParts& parts,
                      MatStream& stream) {
  const bool is_uint8 = head.class_number() == kClassUint8;
  if ((!is_uint8 && head.class_number() != kClassDouble) || head.is_complex()) {
    file.fail(fmt::format("{} of real uint8 or double", head.name),
              fmt::format("MATLAB class {}{}", head.class_number(),
                          head.is_complex() ? ", complex" : ""));
  }
  const std::int64_t most = stream.most_left();
  const std::int64_t count = count_numbers(file, head, most);
  const auto tag = parts.tag();
  const auto dtype = tag ? dtype_of(tag->type) : std::nullopt;
  const std::int64_t bytes =
      dtype ? count * static_cast<std::int64_t>(torch::elementSize(*dtype)) : 0;
  if (!dtype || tag->bytes != bytes || bytes > most) {
    file.fail(fmt::format("{} numbers of {}", count, head.name),
              tag ? fmt::format("{} bytes of type {}", tag->bytes, tag->type) : "the file's end");
  }
  const torch::Tensor stored = torch::empty({count}, *dtype);
  const std::span content(static_cast<std::byte*>(stored.data_ptr()),
                          static_cast<std::size_t>(bytes));
  if (!parts.content(content) || !stream.ends()) {
    file.fail(fmt::format("the data of {}", head.name), "the file truncated or damaged");
  }
  return {.shape = head.shape, .values = stored.to(is_uint8 ? torch::kUInt8 : torch::kFloat64)};
}

}  // namespace

MatFile::MatFile(std::filesystem::path path) : path_(std::move(path)), content_(read_file(path_)) {
  if (content_.size() < kHeaderBytes ||
      std::string_view(content_).substr(kHeaderBytes - 4, 4) != kLittleEndianVersion1) {
    fail("a MATLAB 5 file", "another or a damaged one");
  }
}

void MatFile::fail(const std::string& expected, const std::string& found) const {
  throw std::runtime_error(
      fmt::format("{}: expected {}, found {}", path_.string(), expected, found));
}

MatArray MatFile::read(std::string_view name) const {
  std::span<const std::byte> rest = std::as_bytes(std::span(content_)).subspan(kHeaderBytes);
  while (!rest.empty()) {
    MatTag tag;
    if (rest.size() < sizeof(tag)) {
      fail("a whole element of a MATLAB 5 file", "its end");
    }
    std::memcpy(&tag, rest.data(), sizeof(tag));
    rest = rest.subspan(sizeof(tag));
    if (tag.bytes > rest.size()) {
      fail(fmt::format("{} bytes of an element", tag.bytes), fmt::format("{}", rest.size()));
    }
    if (const auto stream = matrix_in(tag, rest.first(tag.bytes)); stream != nullptr) {
      MatParts parts(*stream);
      const std::optional<MatHead> head = parts.head();
      if (head && head->name == name) {
        return read_numbers(*this, *head, parts, *stream);
      }
    }
    const std::size_t padded =
        tag.type == kCompressed ? tag.bytes : (tag.bytes + std::size_t{7}) / 8 * 8;
    rest = rest.subspan(std::min(padded, rest.size()));
  }
  fail(fmt::format("a variable {}", name), "none");
}

}  // namespace tandem
