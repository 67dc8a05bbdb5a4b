#include "tandem/core/key.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "tandem/core/fingerprint.h"

namespace tandem {

Stream user_stream(std::string_view name) {
  constexpr std::uint64_t kUserStreams = (std::uint64_t{1} << 32) - kFirstUserStream;
  return Stream{
      static_cast<std::uint32_t>(kFirstUserStream + fingerprint_of(name).low % kUserStreams)};
}

RandomStream::RandomStream(const Key& key)
    : key_{static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)},
      counter_{0, key.index, key.epoch, static_cast<std::uint32_t>(key.stream)} {}

std::uint32_t RandomStream::next_u32() {
  if (used_ == 4) {
    block_ = philox4x32_10(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

double RandomStream::uniform() {
  return next_u32() * 0x1p-32;
}

std::uint32_t RandomStream::below(std::uint32_t bound) {
  return static_cast<std::uint32_t>((std::uint64_t{next_u32()} * bound) >> 32);
}

double RandomStream::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::vector<std::int64_t> permutation(std::int64_t count, const Key& key) {
  if (count < 0 || count > std::numeric_limits<std::uint32_t>::max()) {
    throw std::invalid_argument(
        fmt::format("permutation: expected a count in 0..2^32-1, got {}", count));
  }
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  RandomStream random(key);
  for (std::int64_t last = count - 1; last > 0; --last) {
    std::swap(order[last], order[random.below(static_cast<std::uint32_t>(last + 1))]);
  }
  return order;
}

}  // namespace tandem
