#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace tandem {

/// MD5 (RFC 1321) of pieces of bytes in turn: the checksum that authors of data sets publish. It
/// guards against damage and mistakes, not against forgery.
class Md5 {
 public:
  Md5& bytes(std::span<const std::byte> bytes);

  /// 32 lower-case hexadecimal digits; nothing can be added afterwards.
  std::string hex();

 private:
  static constexpr std::size_t kBlockBytes = 64;

  void mix(const std::byte* block);

  std::array<std::uint32_t, 4> state_{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::array<std::byte, kBlockBytes> rest_{};  ///< what fills no block yet
  std::uint64_t count_ = 0;                    ///< of all bytes
};

/// MD5 of a file's bytes. Throws std::runtime_error that names the path if it cannot be read.
std::string md5_of_file(const std::filesystem::path& path);

/// MD5 of what a gzipped file inflates to. Throws std::runtime_error that names the path where it
/// is no whole gzip file.
std::string md5_of_gzipped(const std::filesystem::path& path);

}  // namespace tandem
