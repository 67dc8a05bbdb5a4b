#include "md5.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

namespace tandem {
namespace {

constexpr std::size_t kPieceBytes = 1 << 18;

/// floor(2^32 |sin(k + 1)|)
constexpr std::array<std::uint32_t, 64> kSines{
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

/// How far each round turns, in its steps of four.
constexpr std::array<std::array<int, 4>, 4> kTurns{
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

/// Which word a round's step k adds: kFirstWord + k kWordStride, modulo 16.
constexpr std::array<unsigned, 4> kFirstWord{0, 1, 5, 0}, kWordStride{1, 5, 3, 7};

using State = std::array<std::uint32_t, 4>;
using Words = std::array<std::uint32_t, 16>;

template <std::size_t kRound, typename Function>
void add_round(State& state, const Words& words, Function function) {
  for (unsigned k = 0; k < 16; ++k) {
    const auto [a, b, c, d] = state;
    const std::uint32_t sum = a + function(b, c, d) + kSines[16 * kRound + k] +
                              words[(kFirstWord[kRound] + k * kWordStride[kRound]) % 16];
    state = {d, b + std::rotl(sum, kTurns[kRound][k % 4]), b, c};
  }
}

static_assert(std::endian::native == std::endian::little, "MD5's words have their low byte first");

}  // namespace

void Md5::mix(const std::byte* block) {
  Words words;
  std::memcpy(words.data(), block, kBlockBytes);
  State state = state_;
  using Word = std::uint32_t;
  add_round<0>(state, words, [](Word b, Word c, Word d) { return (b & c) | (~b & d); });
  add_round<1>(state, words, [](Word b, Word c, Word d) { return (b & d) | (c & ~d); });
  add_round<2>(state, words, [](Word b, Word c, Word d) { return b ^ c ^ d; });
  add_round<3>(state, words, [](Word b, Word c, Word d) { return c ^ (b | ~d); });
  for (std::size_t k = 0; k < state.size(); ++k) {
    state_[k] += state[k];
  }
}

Md5& Md5::bytes(std::span<const std::byte> bytes) {
  std::size_t kept = count_ % kBlockBytes;
  count_ += bytes.size();
  if (kept > 0) {
    const std::size_t taken = std::min(bytes.size(), kBlockBytes - kept);
    std::copy_n(bytes.begin(), taken, rest_.begin() + static_cast<std::ptrdiff_t>(kept));
    bytes = bytes.subspan(taken);
    kept += taken;
    if (kept < kBlockBytes) {
      return *this;
    }
    mix(rest_.data());
  }
  for (; bytes.size() >= kBlockBytes; bytes = bytes.subspan(kBlockBytes)) {
    mix(bytes.data());
  }
  std::copy(bytes.begin(), bytes.end(), rest_.begin());
  return *this;
}

std::string Md5::hex() {
  const std::uint64_t bits = 8 * count_;
  std::vector<std::byte> end((2 * kBlockBytes - 8 - 1 - count_ % kBlockBytes) % kBlockBytes + 1);
  end.front() = std::byte{0x80};
  bytes(end).bytes(std::as_bytes(std::span(&bits, 1)));
  std::string text;
  for (const std::byte value : std::as_bytes(std::span(state_))) {
    text += fmt::format("{:02x}", static_cast<unsigned>(value));
  }
  return text;
}

std::string md5_of_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::vector<std::byte> piece(kPieceBytes);
  Md5 md5;
  ssize_t got = -1;
  while (file >= 0 && (got = ::read(file, piece.data(), piece.size())) > 0) {
    md5.bytes(std::span(piece).first(static_cast<std::size_t>(got)));
  }
  const int reason = errno;
  if (file >= 0) {
    ::close(file);
  }
  if (got != 0) {
    throw std::runtime_error(
        fmt::format("cannot read {}: {}", path.string(), std::strerror(reason)));
  }
  return md5.hex();
}

std::string md5_of_gzipped(const std::filesystem::path& path) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) {
    throw std::runtime_error(
        fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
  }
  std::vector<std::byte> piece(kPieceBytes);
  Md5 md5;
  int got = 0;
  while ((got = gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()))) > 0) {
    md5.bytes(std::span(piece).first(static_cast<std::size_t>(got)));
  }
  int state = Z_OK;
  const std::string reason = gzerror(file.get(), &state);
  if (got < 0 || state != Z_OK || gzdirect(file.get()) != 0) {
    throw std::runtime_error(fmt::format("{}: expected a whole gzip file, found {}", path.string(),
                                         state == Z_OK ? "none" : reason));
  }
  return md5.hex();
}

}  // namespace tandem
