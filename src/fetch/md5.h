#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace tandem {

/// MD5 of pieces of bytes in turn: the checksum that authors of data sets publish. It guards
/// against damage and mistakes, not against forgery.
class Md5 {
 public:
  /// Throws std::runtime_error where this build has no OpenSSL, or one that offers no MD5.
  Md5();
  ~Md5();

  Md5& bytes(std::span<const std::byte> bytes);

  /// 32 lower-case hexadecimal digits; nothing can be added afterwards.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// MD5 of a file's bytes. Throws std::runtime_error that names the path if it cannot be read.
std::string md5_of_file(const std::filesystem::path& path);

/// MD5 of what a gzipped file inflates to. Throws std::runtime_error that names the path where it
/// is no whole gzip file.
std::string md5_of_gzipped(const std::filesystem::path& path);

}  // namespace tandem
