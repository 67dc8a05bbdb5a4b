#pragma once

#include <zlib.h>

#include <cstring>
#include <string>
#include <vector>

#include "file_bytes.h"

namespace tandem {

/// A variable of a MATLAB 5 file, for mat_bytes().
struct MatVariable {
  std::string name;
  std::uint32_t class_number = 9;  ///< 9 uint8, 6 double
  std::vector<std::int32_t> shape;
  std::uint32_t data_type = 2;  ///< 2 uint8, 9 double
  Bytes data;
};

template <typename Number>
void append_number(Bytes& bytes, Number number) {
  const std::size_t place = bytes.size();
  bytes.resize(place + sizeof(number));
  std::memcpy(bytes.data() + place, &number, sizeof(number));
}

/// Tag and content, padded to 8 bytes; up to 4 bytes stand in the tag itself.
inline void append_mat_part(Bytes& bytes, std::uint32_t type, const Bytes& content) {
  const auto size = static_cast<std::uint32_t>(content.size());
  const bool small = size > 0 && size <= 4;
  append_number(bytes, small ? type | size << 16 : type);
  if (!small) {
    append_number(bytes, size);
  }
  bytes.insert(bytes.end(), content.begin(), content.end());
  bytes.resize((bytes.size() + 7) / 8 * 8);
}

inline Bytes deflated(const Bytes& bytes) {
  uLongf size = compressBound(bytes.size());
  Bytes packed(size);
  compress(packed.data(), &size, bytes.data(), bytes.size());
  packed.resize(size);
  return packed;
}

/// A MATLAB 5 file as MATLAB writes it (MathWorks, "MAT-File Format", chapter 1).
inline Bytes mat_bytes(const std::vector<MatVariable>& variables, bool compressed = true) {
  Bytes file(124, ' ');
  append_number(file, std::uint16_t{0x0100});
  file.insert(file.end(), {'I', 'M'});
  for (const MatVariable& variable : variables) {
    Bytes parts, shape;
    Bytes flags;
    append_number(flags, variable.class_number);
    append_number(flags, std::uint32_t{0});
    append_mat_part(parts, 6, flags);
    for (const std::int32_t size : variable.shape) {
      append_number(shape, size);
    }
    append_mat_part(parts, 5, shape);
    append_mat_part(parts, 1, Bytes(variable.name.begin(), variable.name.end()));
    append_mat_part(parts, variable.data_type, variable.data);
    Bytes element;
    append_number(element, std::uint32_t{14});
    append_number(element, static_cast<std::uint32_t>(parts.size()));
    element.insert(element.end(), parts.begin(), parts.end());
    if (compressed) {
      const Bytes packed = deflated(element);
      append_number(file, std::uint32_t{15});
      append_number(file, static_cast<std::uint32_t>(packed.size()));
      element = packed;
    }
    file.insert(file.end(), element.begin(), element.end());
  }
  return file;
}

}  // namespace tandem
