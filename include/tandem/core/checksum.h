#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tandem {

/// CRC-32 (ISO 3309, as in zlib and gzip) over pieces of bytes in turn. Files carry it because
/// every language has it; it guards against damage, not against forgery.
class Crc32 {
 public:
  Crc32& bytes(std::span<const std::byte> bytes);
  Crc32& text(std::string_view text);
  std::uint32_t digest() const { return value_; }

  /// Eight lower-case hexadecimal digits.
  std::string hex() const;

 private:
  std::uint32_t value_ = 0;
};

}  // namespace tandem
