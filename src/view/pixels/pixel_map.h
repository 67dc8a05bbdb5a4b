#pragma once

#include <cstdint>
#include <vector>

#include "pixels/look_up_avx512.h"
#include "tandem/view/apply.h"

namespace tandem {

/// A normalisation, ready to be done to pixels.
class PixelMap {
 public:
  /// Throws std::invalid_argument for another number of channels and a stddev that is not positive.
  PixelMap(const Normalisation& normalisation, std::int64_t channels);

  /// `pixels` holds the planes of one view, `area` pixels each, and so does `image`.
  void apply(const std::uint8_t* pixels, std::int64_t area, float* image) const;

 private:
  /// All 256 values that a channel can take are known, so a pixel costs a look-up, or less: where
  /// `pixel * scale + shift` gives these very values, it is computed, several pixels at a time. It
  /// does unless a value is within fp64's error of the middle between two numbers of fp32.
  struct Channel {
    LookUpTable table;
    double scale;
    double shift;
    bool linear;
  };

  static Channel channel(double mean, double stddev);
  void apply(const Channel& channel, const std::uint8_t* pixels, std::int64_t count,
             float* values) const;

  std::vector<Channel> channels_;
};

}  // namespace tandem
