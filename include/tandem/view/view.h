#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "tandem/core/key.h"

namespace tandem {

/// Address of a view: sample `index` as augmented on its `epoch`-th visit, under `seed`.
struct ViewKey {
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0;
  std::uint32_t index = 0;

  /// The random stream from which one augmentation draws for this view.
  Key stream(Stream purpose) const { return {seed, purpose, epoch, index}; }

  friend bool operator==(const ViewKey&, const ViewKey&) = default;
};

/// First epoch of the views that fusion `mean:M` draws, so that they are never training views.
inline constexpr std::uint32_t kFusionEpoch = 1u << 31;

/// Part of a sample, in its pixels; it may reach over the border.
struct Box {
  std::int32_t left = 0;
  std::int32_t top = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;

  friend bool operator==(const Box&, const Box&) = default;
};

/// What lies beyond a sample's border.
enum class Border : std::uint8_t {
  kZero,     ///< black
  kReflect,  ///< the sample mirrored at its outermost pixels, which are not repeated
};

/// Changes of a view's pixels after crop and flip.
enum class OperationKind : std::uint8_t {
  kAffine,
  kBrightness,
  kContrast,
  kSaturation,
  kHue,
  kGrayscale,
  kBlur,
  kSharpness,
  kPosterize,
  kSolarize,
  kAutoContrast,
  kEqualize,
  kInvert,
  kErase,
};

/// One such change with its parameters, integers whose meaning by kind is in docs/views.md.
struct Operation {
  OperationKind kind{};
  std::array<std::int32_t, 6> parameters{};

  friend bool operator==(const Operation&, const Operation&) = default;
};

struct Mixture;

/// Drawn parameters of one view: cut out `crop`, scale it to the size of the sample, mirror it if
/// `flip`, do the `operations` in order, mix the result with another sample's view if `mixture`.
/// The canonical view is the whole sample and nothing else.
struct View {
  Box crop;
  bool flip = false;
  Border border = Border::kZero;
  std::vector<Operation> operations{};
  std::shared_ptr<const Mixture> mixture{};  ///< null: this sample alone

  friend bool operator==(const View& a, const View& b);
};

/// The other half of a mixed view.
struct Mixture {
  std::uint32_t partner = 0;  ///< sample
  View view;                  ///< of the partner; not mixed itself
  double share = 1;           ///< of the view's target that stays with its own sample
  /// CutMix: the part of the view, in its pixels, that shows the partner's. Without it (MixUp)
  /// every pixel is `share` of the own and the rest of the partner's; `share` is a multiple of
  /// 1/256.
  std::optional<Box> patch;

  friend bool operator==(const Mixture&, const Mixture&) = default;
};

inline bool operator==(const View& a, const View& b) {
  const bool same_mixture =
      a.mixture == b.mixture || (a.mixture && b.mixture && *a.mixture == *b.mixture);
  return a.crop == b.crop && a.flip == b.flip && a.border == b.border &&
         a.operations == b.operations && same_mixture;
}

}  // namespace tandem
