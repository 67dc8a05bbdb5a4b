#include "mat5_stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "tandem/core/deflate_bound.h"

namespace tandem {
namespace {

constexpr std::size_t kMostPadding = 64;

class PlainMatStream final : public MatStream {
 public:
  explicit PlainMatStream(std::span<const std::byte> bytes) : rest_(bytes) {}

  bool read(std::span<std::byte> target) override {
    if (target.size() > rest_.size()) {
      return false;
    }
    std::copy_n(rest_.begin(), target.size(), target.begin());
    rest_ = rest_.subspan(target.size());
    return true;
  }

  bool ends() override { return rest_.size() < kMostPadding; }
  std::int64_t most_left() const override { return std::ssize(rest_); }

 private:
  std::span<const std::byte> rest_;
};

class InflatedMatStream final : public MatStream {
 public:
  explicit InflatedMatStream(std::span<const std::byte> bytes)
      : most_(std::ssize(bytes) * kMostDeflated) {
    // An element has at most 2^32 - 1 bytes, as zlib counts them.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    if (inflateInit(&stream_) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~InflatedMatStream() override { inflateEnd(&stream_); }
  InflatedMatStream(const InflatedMatStream&) = delete;
  InflatedMatStream& operator=(const InflatedMatStream&) = delete;

  bool read(std::span<std::byte> target) override {
    constexpr std::size_t kPiece = std::size_t{1} << 30;
    while (!target.empty()) {
      const std::size_t got = inflate_into(target.first(std::min(target.size(), kPiece)));
      if (got == 0) {
        return false;
      }
      target = target.subspan(got);
    }
    return true;
  }

  bool ends() override {
    std::array<std::byte, kMostPadding> padding{};
    inflate_into(padding);
    return ended_;
  }

  std::int64_t most_left() const override {
    return most_ - static_cast<std::int64_t>(stream_.total_out);
  }

 private:
  /// How many bytes came; none at the end and where it is damaged or cut.
  std::size_t inflate_into(std::span<std::byte> target) {
    stream_.next_out = reinterpret_cast<Bytef*>(target.data());
    stream_.avail_out = static_cast<uInt>(target.size());
    const int result = ended_ ? Z_STREAM_END : inflate(&stream_, Z_SYNC_FLUSH);
    if (result == Z_MEM_ERROR) {
      throw std::bad_alloc();
    }
    ended_ = result == Z_STREAM_END;
    const bool damaged = result != Z_OK && result != Z_STREAM_END;
    return damaged ? 0 : target.size() - stream_.avail_out;
  }

  z_stream stream_{};
  std::int64_t most_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<MatStream> plain_stream(std::span<const std::byte> bytes) {
  return std::make_unique<PlainMatStream>(bytes);
}

std::unique_ptr<MatStream> inflated_stream(std::span<const std::byte> bytes) {
  return std::make_unique<InflatedMatStream>(bytes);
}

}  // namespace tandem
