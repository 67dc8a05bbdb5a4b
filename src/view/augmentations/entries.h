#pragma once

#include <memory>
#include <string_view>

#include "tandem/view/augmentation.h"

namespace tandem {

/// An augmentation of the library: its name in a policy, how its parameter is written, and what
/// makes it of one (empty where there is none). Programs add theirs by register_augmentation().
struct AugmentationEntry {
  std::string_view name;
  std::string_view syntax;  ///< for errors: "blur:MIN-MAX"
  std::unique_ptr<Augmentation> (*parse)(std::string_view parameter);
};

// Each is defined below its class, and stands in the list of augmentation_registry.cpp: constants
// that register themselves would be left out of a program that links a static library.
extern const AugmentationEntry kPadCropEntry;
extern const AugmentationEntry kFlipEntry;
extern const AugmentationEntry kResizedCropEntry;
extern const AugmentationEntry kRotateEntry;
extern const AugmentationEntry kAffineEntry;
extern const AugmentationEntry kColorJitterEntry;
extern const AugmentationEntry kGrayscaleEntry;
extern const AugmentationEntry kBlurEntry;
extern const AugmentationEntry kCutoutEntry;
extern const AugmentationEntry kErasingEntry;
extern const AugmentationEntry kRandAugmentEntry;
extern const AugmentationEntry kAutoAugmentEntry;
extern const AugmentationEntry kTrivialAugmentEntry;

}  // namespace tandem
