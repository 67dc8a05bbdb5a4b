#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace tandem {

/// The bytes of one element of a MATLAB file in their order.
class MatStream {
 public:
  virtual ~MatStream() = default;

  /// Fills `target`; false where the bytes end before or are damaged.
  virtual bool read(std::span<std::byte> target) = 0;

  /// Whether the bytes end within the next few, undamaged as far as that can be told.
  virtual bool ends() = 0;

  /// An upper bound of the bytes that are left.
  virtual std::int64_t most_left() const = 0;
};

/// Bytes that stand in the file as they are. They must outlive the stream.
std::unique_ptr<MatStream> plain_stream(std::span<const std::byte> bytes);

/// Bytes that are deflated in the file (zlib). They must outlive the stream.
std::unique_ptr<MatStream> inflated_stream(std::span<const std::byte> bytes);

}  // namespace tandem
