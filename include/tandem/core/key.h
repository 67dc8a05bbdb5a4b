#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tandem/core/philox.h"

namespace tandem {

/// What a random stream is for. Each purpose has its own stream, so that drawing more for one never
/// shifts another: adding a flip to a view policy leaves every crop where it was. The numbers are
/// part of the file formats; never reuse or renumber one. All are below kFirstUserStream.
enum class Stream : std::uint32_t {
  kInit = 1,
  kOrder = 2,
  kSubset = 3,
  kValidation = 4,
  kShuffleTargets = 5,
  kCluster = 6,
  kStack = 7,
  kLabelNoise = 8,
  kDegrade = 9,
  kPadCrop = 16,
  kHorizontalFlip = 17,
  kResizedCrop = 18,
  kMix = 19,
  kAffine = 20,
  kColorJitter = 21,
  kGrayscale = 22,
  kBlur = 23,
  kErasing = 24,
  kRandAugment = 25,
  kAutoAugment = 26,
  kTrivialAugment = 27,
  kCutout = 28,
  kRotate = 29,
};

/// First number of the streams that are named by user_stream().
inline constexpr std::uint32_t kFirstUserStream = 1u << 16;

/// The stream of a purpose that is not Tandem's but of the program that uses it, an augmentation of
/// its own for one: kFirstUserStream + `fingerprint_of(name).low` mod (2^32 - kFirstUserStream).
/// Never one of Tandem's, now or later; two names share one by a chance of 2^-32.
Stream user_stream(std::string_view name);

/// Value that names one random stream. There is no global generator anywhere in Tandem: whoever
/// needs randomness is handed a key, and equal keys give equal numbers on every machine.
struct Key {
  std::uint64_t seed = 0;
  Stream stream = Stream::kInit;
  std::uint32_t epoch = 0;
  std::uint32_t index = 0;

  friend bool operator==(const Key&, const Key&) = default;
};

/// The sequence of random numbers that a key names: word `k` is word `k mod 4` of
/// `philox4x32_10({k / 4, index, epoch, stream}, {low word of seed, high word of seed})`.
class RandomStream {
 public:
  explicit RandomStream(const Key& key);

  /// Next 32 random bits.
  std::uint32_t next_u32();

  /// Uniform in [0, 1), 32 bits fine: `next_u32() / 2^32`.
  double uniform();

  /// Uniform in {0, ..., bound - 1}: `floor(next_u32() * bound / 2^32)`; one word per draw, with a
  /// bias below `bound / 2^32`.
  std::uint32_t below(std::uint32_t bound);

  /// Standard normal by Box and Muller's method; takes two words.
  double normal();

 private:
  PhiloxKey key_;
  PhiloxCounter counter_;
  PhiloxCounter block_{};
  int used_ = 4;
};

/// Random order of `0..count-1` (Fisher and Yates, from the last place down).
/// Throws std::invalid_argument if `count` is negative or does not fit 32 bits.
std::vector<std::int64_t> permutation(std::int64_t count, const Key& key);

}  // namespace tandem
