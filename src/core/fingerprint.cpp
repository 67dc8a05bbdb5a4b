#include "tandem/core/fingerprint.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>
#include <new>

namespace tandem {
namespace {

constexpr std::size_t kWordDigits = 16;

}  // namespace

struct Fingerprinter::State {
  State() : xxh3(XXH3_createState()) {
    if (xxh3 == nullptr) {
      throw std::bad_alloc();
    }
    XXH3_128bits_reset(xxh3);
  }
  ~State() { XXH3_freeState(xxh3); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  XXH3_state_t* xxh3;
};

std::string Fingerprint::hex() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

std::optional<Fingerprint> Fingerprint::from_hex(std::string_view hex) {
  Fingerprint fingerprint;
  const auto word = [&](std::size_t begin, std::uint64_t& value) {
    const char* const first = hex.data() + begin;
    return std::from_chars(first, first + kWordDigits, value, 16).ptr == first + kWordDigits;
  };
  if (hex.size() != 2 * kWordDigits || !word(0, fingerprint.high) ||
      !word(kWordDigits, fingerprint.low)) {
    return std::nullopt;
  }
  return fingerprint;
}

Fingerprinter::Fingerprinter() : state_(std::make_unique<State>()) {}
Fingerprinter::~Fingerprinter() = default;

Fingerprinter& Fingerprinter::bytes(std::span<const std::byte> bytes) {
  XXH3_128bits_update(state_->xxh3, bytes.data(), bytes.size());
  return *this;
}

Fingerprinter& Fingerprinter::text(std::string_view text) {
  number(static_cast<std::int64_t>(text.size()));
  return bytes(std::as_bytes(std::span(text)));
}

Fingerprinter& Fingerprinter::number(std::int64_t value) {
  return bytes(std::as_bytes(std::span(&value, 1)));
}

Fingerprint Fingerprinter::digest() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh3);
  return {hash.high64, hash.low64};
}

Fingerprint fingerprint_of(std::string_view text) {
  return Fingerprinter().text(text).digest();
}

}  // namespace tandem
