#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tandem/core/fingerprint.h"

namespace tandem {

/// Reads what one of Tandem's own files says of itself in the metadata of a safetensors file, where
/// every value is text. What Tandem writes there begins with "tandem."; names are given without it.
/// Whatever is not as it should be is std::runtime_error "<source>: not <kind>: <why>" that names
/// the entry, what was expected and what was found.
class MetadataReader {
 public:
  /// `source` is a path or what else names the file, `kind` what it should be: "a target store".
  /// The metadata must outlive the reader.
  MetadataReader(const std::map<std::string, std::string>& metadata, std::string source,
                 std::string kind);

  [[noreturn]] void refuse(const std::string& why) const;

  const std::string& text(const std::string& name) const;

  /// A finite number as fmt writes it, integers without leading zeros; lowest <= number <= highest.
  /// `Number` is std::int64_t, std::uint64_t or double.
  template <typename Number>
  Number number(const std::string& name, Number lowest, Number highest) const;

  /// `count` such numbers, at least one, of any size, with one space between them. `Number` is
  /// std::int64_t or double.
  template <typename Number>
  std::vector<Number> numbers(const std::string& name, std::size_t count) const;

  /// Channels, height and width of an image, each at least 1.
  std::array<std::int64_t, 3> extents(const std::string& name) const;

  Fingerprint fingerprint(const std::string& name) const;

 private:
  const std::map<std::string, std::string>& metadata_;
  std::string source_;
  std::string kind_;
};

}  // namespace tandem
