#include "tandem/core/checksum.h"

#include <fmt/format.h>
#include <zlib.h>

namespace tandem {

Crc32& Crc32::bytes(std::span<const std::byte> bytes) {
  if (bytes.empty()) {
    return *this;  // zlib takes a null pointer for the wish to begin anew
  }
  value_ = static_cast<std::uint32_t>(
      ::crc32_z(value_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  return *this;
}

Crc32& Crc32::text(std::string_view text) {
  return bytes(std::as_bytes(std::span(text)));
}

std::string Crc32::hex() const {
  return fmt::format("{:08x}", value_);
}

}  // namespace tandem
