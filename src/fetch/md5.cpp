#include "md5.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace tandem {
namespace {

constexpr std::size_t kPieceBytes = 1 << 18;

void must_succeed(int result) {
  if (result != 1) {
    throw std::runtime_error("cannot compute an MD5 checksum: OpenSSL here does not offer it");
  }
}

}  // namespace

struct Md5::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free};
};

Md5::Md5() : state_(std::make_unique<State>()) {
  must_succeed(EVP_DigestInit_ex(state_->context.get(), EVP_md5(), nullptr));
}

Md5::~Md5() = default;

Md5& Md5::bytes(std::span<const std::byte> bytes) {
  must_succeed(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
  return *this;
}

std::string Md5::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  must_succeed(EVP_DigestFinal_ex(state_->context.get(), digest.data(), &size));
  std::string text;
  for (unsigned k = 0; k < size; ++k) {
    text += fmt::format("{:02x}", digest[k]);
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
