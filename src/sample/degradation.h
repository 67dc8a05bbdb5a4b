#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace tandem {

/// Ways to make images worse, one after the other, as text: "blur:1,jpeg:30".
///
/// - `blur:S`: Gaussian of standard deviation S pixels, cut off at 3 S, beyond the border the
///   border's pixels; weights are rounded to 1/65536.
/// - `noise:S`: a normal number of standard deviation S (in steps of 0..255) added to each pixel of
///   each channel, Box and Muller's from the stream {seed, kDegrade, place in this list, place of
///   the sample}.
/// - `jpeg:Q`: written and read again by libjpeg-turbo at quality Q in 1..100, the chroma of
///   colour images at half resolution; of images with one or three channels.
/// - `low-resolution:F`: each side n is reduced to round(n / F) pixels (at least one), the mean
/// over
///   the area of each, and brought back bilinearly (pixel centres at half integers).
///
/// Every step ends in 8 bits, rounded half up. Blur and low-resolution are integer arithmetic and
/// equal on every machine; noise takes logarithm and cosine from the C library, jpeg is that of the
/// installed libjpeg-turbo.
class Degradation {
 public:
  Degradation() = default;

  /// Empty text is no degradation. Throws std::invalid_argument for an unknown kind and a strength
  /// out of range: 0 < blur <= 100, 0 < noise <= 255, integer jpeg, 1 < low-resolution <= 1024.
  static Degradation parse(const std::string& text);

  bool none() const { return steps_.empty(); }

  /// Normal form of the text.
  std::string text() const;

  /// uint8 [n, channels, height, width], contiguous, to new images of the same shape. What happens
  /// to image k depends on its pixels, `seed` and `places[k]` alone. Throws std::invalid_argument
  /// for other images, unequal counts, and jpeg of two, four or more channels.
  torch::Tensor apply(const torch::Tensor& images, const std::vector<std::int64_t>& places,
                      std::uint64_t seed) const;

 private:
  enum class Kind { kBlur, kNoise, kJpeg, kLowResolution };
  struct Step {
    Kind kind;
    double strength;
  };
  static const std::vector<std::pair<Kind, std::string>>& kinds();

  std::vector<Step> steps_;
};

}  // namespace tandem
