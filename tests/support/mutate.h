#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/core/key.h"

namespace tandem {

/// A safetensors file as its header and the bytes after it.
struct SplitFile {
  std::string header;
  std::string data;

  explicit SplitFile(const std::string& bytes) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof(length));
    header = bytes.substr(8, length);
    data = bytes.substr(8 + length);
  }

  std::string joined() const {
    const std::uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, sizeof(length));
    return bytes + header + data;
  }
};

inline std::uint32_t any_place(std::string_view text, RandomStream& random) {
  return random.below(static_cast<std::uint32_t>(text.size()));
}

/// Numbers that headers lie with.
inline std::string lying_number(RandomStream& random) {
  static const std::vector<std::string> numbers{
      "0",  "1",   "2",    "-1",   "7",  "8", "4294967296", "9223372036854775807",
      "-8", "1e3", "1.5",  "null", "[]", "9", "1048576",    "18446744073709551615",
      "10", "16",  "\"\"", "true"};
  return numbers[random.below(static_cast<std::uint32_t>(numbers.size()))];
}

/// Puts another number for one of those in the header.
inline void change_number(std::string& header, RandomStream& random) {
  const std::size_t begin = header.find_first_of("0123456789", any_place(header, random));
  if (begin != std::string::npos) {
    const std::size_t end = header.find_first_not_of("0123456789", begin);
    header.replace(begin, end - begin, lying_number(random));
  }
}

/// Puts `text`'s next occurrence from a random place on for something else of its kind.
inline void change_word(std::string& header, RandomStream& random) {
  static const std::vector<std::string> words{
      "\"I64\"",      "\"F32\"",     "\"F16\"",       "\"U8\"", "\"I16\"",
      "\"BOOL\"",     "\"values\"",  "shape",         "dtype",  "\"classes\"",
      "data_offsets", "\"samples\"", "\"fc.weight\"", "\"x\""};
  const auto pick = [&] { return words[random.below(static_cast<std::uint32_t>(words.size()))]; };
  const std::string from = pick(), to = pick();
  if (const std::size_t place = header.find(from, any_place(header, random));
      place != std::string::npos) {
    header.replace(place, from.size(), to);
  }
}

/// Says one entry of the header twice, or takes it out.
inline void repeat_entry(std::string& header, RandomStream& random) {
  const std::size_t begin = header.find(",\"", any_place(header, random));
  const std::size_t end = begin == std::string::npos ? begin : header.find('}', begin);
  if (end == std::string::npos) {
    return;
  }
  const std::string entry = header.substr(begin, end + 1 - begin);
  if (random.below(2) == 0) {
    header.insert(begin, entry);
  } else {
    header.erase(begin, entry.size());
  }
}

/// Damages a safetensors file in one of many ways: bits flipped, bytes cut, added or repeated, and
/// headers that lie about lengths, numbers, types and names.
inline std::string mutated(std::string bytes, RandomStream& random) {
  SplitFile file(bytes);
  switch (random.below(9)) {
    case 0:
      return bytes.substr(0, any_place(bytes, random));
    case 1:
      return bytes.append(1 + random.below(64), static_cast<char>(random.below(256)));
    case 2: {
      const std::uint32_t begin = any_place(bytes, random);
      return bytes.insert(any_place(bytes, random), bytes.substr(begin, random.below(64)));
    }
    case 3:  // the header's length
      bytes[random.below(8)] ^= static_cast<char>(1 << random.below(8));
      return bytes;
    case 4:
    case 5:
      change_number(file.header, random);
      return file.joined();
    case 6:
      change_word(file.header, random);
      return file.joined();
    case 7:
      repeat_entry(file.header, random);
      return file.joined();
    default:
      for (std::uint32_t flips = 1 + random.below(8); flips > 0; --flips) {
        bytes[any_place(bytes, random)] ^= static_cast<char>(1 << random.below(8));
      }
      return bytes;
  }
}

}  // namespace tandem
