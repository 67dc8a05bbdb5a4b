#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tandem {

/// 128-bit XXH3 hash that identifies content (images, weights, a view policy). It guards against
/// mistakes, not against forgery.
struct Fingerprint {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  /// 32 lower-case hexadecimal digits.
  std::string hex() const;

  /// The inverse; nothing for a text of any other kind. Digits may be of either case.
  static std::optional<Fingerprint> from_hex(std::string_view hex);

  friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;
};

/// Collects bytes into a fingerprint. Text and numbers are added with their length, so that the
/// pair "ab", "c" differs from "a", "bc".
class Fingerprinter {
 public:
  Fingerprinter();
  ~Fingerprinter();
  Fingerprinter(const Fingerprinter&) = delete;
  Fingerprinter& operator=(const Fingerprinter&) = delete;

  Fingerprinter& bytes(std::span<const std::byte> bytes);
  Fingerprinter& text(std::string_view text);
  Fingerprinter& number(std::int64_t value);
  Fingerprint digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Fingerprint of a text, e.g. of a resolved configuration.
Fingerprint fingerprint_of(std::string_view text);

}  // namespace tandem
