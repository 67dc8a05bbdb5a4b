#include "idx.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "class_ids.h"
#include "size_of_file.h"
#include "tandem/core/deflate_bound.h"
#include "tandem/core/system_error.h"

namespace tandem {
namespace {

constexpr int kUnsignedByte = 0x08;
constexpr int kMaxDimensions = 4;

/// Bytes of a file, unpacked if they are gzipped.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path)
      : path_(path), file_size_(size_of_file(path)), file_(gzopen(path.c_str(), "rb")) {
    if (file_ == nullptr) {
      throw_system_error("cannot read", path);
    }
  }

  /// Reads up to `count` bytes and returns how many there were.
  std::int64_t read(std::uint8_t* target, std::int64_t count) {
    constexpr std::int64_t kPiece = 1 << 30;
    std::int64_t total = 0;
    while (total < count) {
      const auto piece = static_cast<unsigned>(std::min(kPiece, count - total));
      const int got = gzread(file_.get(), target + total, piece);
      const int system_error = errno;
      // A cut gzip stream shows as a short read with an error noted aside.
      int error = Z_OK;
      const char* reason = gzerror(file_.get(), &error);
      if (error == Z_ERRNO) {
        throw_system_error("cannot read", path_, system_error);
      }
      if (got < 0 || error != Z_OK) {
        fail("intact data", reason);
      }
      if (got == 0) {
        break;
      }
      total += got;
    }
    return total;
  }

  /// An upper bound of the bytes that follow the first `read` ones; exact for a plain file.
  std::int64_t at_most_left(std::int64_t read) const {
    return gzdirect(file_.get()) ? file_size_ - read : file_size_ * kMostDeflated;
  }

  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw std::runtime_error(
        fmt::format("{}: expected {}, found {}", path_.string(), expected, found));
  }

 private:
  struct Close {
    void operator()(gzFile file) const { gzclose(file); }
  };

  const std::filesystem::path& path_;
  std::int64_t file_size_;
  std::unique_ptr<gzFile_s, Close> file_;
};

/// The sizes that the header states, which are all positive.
std::vector<std::int64_t> read_header(Reader& reader) {
  std::array<std::uint8_t, 4> magic{};
  if (const auto got = reader.read(magic.data(), 4); got < 4) {
    reader.fail("a magic number of 4 bytes", fmt::format("{} byte(s)", got));
  }
  if (magic[0] != 0 || magic[1] != 0 || magic[3] < 1 || magic[3] > kMaxDimensions) {
    reader.fail(fmt::format("an idx magic number (00 00 08 and 1..{} dimensions)", kMaxDimensions),
                fmt::format("{:02x}", fmt::join(magic, " ")));
  }
  if (magic[2] != kUnsignedByte) {
    reader.fail("type 0x08 (unsigned byte)", fmt::format("type {:#04x}", magic[2]));
  }

  std::vector<std::int64_t> shape;
  for (int dimension = 0; dimension < magic[3]; ++dimension) {
    std::array<std::uint8_t, 4> size{};
    if (const auto got = reader.read(size.data(), 4); got < 4) {
      reader.fail(fmt::format("a header of {} bytes", 4 + 4 * magic[3]),
                  fmt::format("{} bytes", 4 + 4 * dimension + got));
    }
    shape.push_back(std::int64_t{size[0]} << 24 | size[1] << 16 | size[2] << 8 | size[3]);
    if (shape.back() == 0) {
      reader.fail("positive sizes", fmt::format("size 0 in dimension {}", dimension));
    }
  }
  return shape;
}

}  // namespace

torch::Tensor read_idx(const std::filesystem::path& path) {
  Reader reader(path);
  const std::vector<std::int64_t> shape = read_header(reader);

  // A header may lie, so the file's size decides before anything is allocated.
  const std::int64_t limit = reader.at_most_left(4 + 4 * std::ssize(shape));
  std::int64_t bytes = 1;
  for (const std::int64_t size : shape) {
    if (size > limit / bytes) {
      reader.fail(
          fmt::format("the {} bytes of data that the header states", fmt::join(shape, " x ")),
          fmt::format("at most {}", limit));
    }
    bytes *= size;
  }

  const torch::Tensor tensor = torch::empty(shape, torch::kUInt8);
  if (const auto got = reader.read(tensor.data_ptr<std::uint8_t>(), bytes); got < bytes) {
    reader.fail(fmt::format("{} bytes of data", bytes), fmt::format("{}", got));
  }
  std::uint8_t extra = 0;
  if (reader.read(&extra, 1) != 0) {
    reader.fail(fmt::format("{} bytes of data", bytes), "more after them");
  }
  return tensor;
}

Dataset read_idx_dataset(std::string name, const std::filesystem::path& images,
                         const std::filesystem::path& labels,
                         std::vector<std::string> class_names) {
  const torch::Tensor pixels = read_idx(images);
  if (pixels.dim() != 3) {
    throw std::runtime_error(
        fmt::format("{}: expected images (3 dimensions), found {} dimension(s)", images.string(),
                    pixels.dim()));
  }
  const torch::Tensor bytes = read_idx(labels);
  if (bytes.dim() != 1) {
    throw std::runtime_error(fmt::format("{}: expected labels (1 dimension), found {} dimensions",
                                         labels.string(), bytes.dim()));
  }
  if (bytes.size(0) != pixels.size(0)) {
    throw std::runtime_error(fmt::format("{}: expected {} labels, one per image of {}, found {}",
                                         labels.string(), pixels.size(0), images.string(),
                                         bytes.size(0)));
  }
  const auto classes = static_cast<std::int64_t>(class_names.size());
  return Dataset(std::move(name), pixels.unsqueeze(1), class_ids(bytes, classes, labels),
                 std::move(class_names));
}

}  // namespace tandem
