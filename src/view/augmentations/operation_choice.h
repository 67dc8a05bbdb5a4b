#pragma once

#include <cstdint>
#include <vector>

#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// What "randaugment", "autoaugment" and "trivialaugment" choose from.
enum class Choice {
  kIdentity,
  kShearX,
  kShearY,
  kTranslateX,
  kTranslateY,
  kRotate,
  kBrightness,
  kColor,
  kContrast,
  kSharpness,
  kPosterize,
  kSolarize,
  kAutoContrast,
  kEqualize,
  kInvert,
};

inline constexpr std::uint32_t kChoices =
    14;                                    // of RandAugment and TrivialAugment: all but the last
inline constexpr int kMagnitudeBins = 31;  // of the same two

bool is_signed(Choice choice);
bool has_magnitude(Choice choice);

/// What the greatest magnitude means, by default as torchvision has it.
struct Ranges {
  double shear = 0.3;
  double translate_share = 150.0 / 331;  ///< of the image's side
  double translate_pixels = 0;           ///< more than that
  double degrees = 30;
  double enhance = 0.9;
  int bits = 4;  ///< that posterize takes off
};

/// How strongly a choice is done.
struct Magnitude {
  int bin = 0;  ///< of 0..`bins` - 1, the last being the greatest
  int bins = kMagnitudeBins;
  bool negative = false;  ///< the other way; only of signed choices
  Ranges ranges{};
};

/// Adds the operation of `choice`, or nothing for the identity, on images of `shape`.
void append(Choice choice, const Magnitude& magnitude, const ImageShape& shape,
            std::vector<Operation>& operations);

}  // namespace tandem
