#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace tandem {

using Bytes = std::vector<std::uint8_t>;

inline std::filesystem::path write_bytes(const std::filesystem::path& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  return path;
}

inline Bytes read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

inline std::filesystem::path write_gzipped(const std::filesystem::path& path, const Bytes& bytes) {
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  return path;
}

/// An idx file of unsigned bytes: header of `shape`, then `data`.
inline Bytes idx_bytes(const std::vector<std::uint32_t>& shape, const Bytes& data) {
  Bytes bytes = {0, 0, 8, static_cast<std::uint8_t>(shape.size())};
  for (const std::uint32_t size : shape) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::uint8_t>(size >> shift));
    }
  }
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

/// 0, step, 2 step, ... modulo 251: `count` bytes that differ from place to place.
inline Bytes patterned_bytes(std::size_t count, std::size_t step = 7) {
  Bytes bytes(count);
  for (std::size_t k = 0; k < count; ++k) {
    bytes[k] = static_cast<std::uint8_t>(k * step % 251);
  }
  return bytes;
}

}  // namespace tandem
