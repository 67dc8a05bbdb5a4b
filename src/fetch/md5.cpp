#include "md5.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <vector>

#include "tandem/core/system_error.h"

namespace tandem {
namespace {

constexpr std::size_t kPieceBytes = 1 << 18;

}  // namespace

std::string md5_of_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    throw_system_error("cannot read", path);
  }
  std::vector<std::byte> piece(kPieceBytes);
  Md5 md5;
  ssize_t got = -1;
  while ((got = ::read(file, piece.data(), piece.size())) > 0) {
    md5.bytes(std::span(piece).first(static_cast<std::size_t>(got)));
  }
  const int reason = errno;
  ::close(file);
  if (got != 0) {
    throw_system_error("cannot read", path, reason);
  }
  return md5.hex();
}

std::string md5_of_gzipped(const std::filesystem::path& path) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) {
    throw_system_error("cannot read", path);
  }
  std::vector<std::byte> piece(kPieceBytes);
  Md5 md5;
  int got = 0;
  while ((got = gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()))) > 0) {
    md5.bytes(std::span(piece).first(static_cast<std::size_t>(got)));
  }
  int state = Z_OK;
  const int error = errno;
  const std::string reason = gzerror(file.get(), &state);
  if (state == Z_ERRNO) {
    throw_system_error("cannot read", path, error);
  }
  if (got < 0 || state != Z_OK || gzdirect(file.get()) != 0) {
    throw std::runtime_error(fmt::format("{}: expected a whole gzip file, found {}", path.string(),
                                         state == Z_OK ? "none" : reason));
  }
  return md5.hex();
}

}  // namespace tandem
