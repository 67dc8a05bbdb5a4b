#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tandem/core/fingerprint.h"
#include "tandem/view/augmentation.h"

namespace tandem {

class Mixing;

/// What may happen to a sample: augmentations in order. Written as text, "pad-crop:2,flip"; the
/// empty text (or "none") is the policy whose every view is canonical. A value type.
class ViewPolicy {
 public:
  ViewPolicy() = default;

  /// Throws std::invalid_argument for an unknown augmentation, a bad parameter, the same
  /// augmentation twice, two that set the crop, and another order than crop and flip, operations,
  /// mixing.
  static ViewPolicy parse(const std::string& text);

  /// Policies are known by their text.
  friend bool operator==(const ViewPolicy& a, const ViewPolicy& b) { return a.text() == b.text(); }

  /// The view at `key` of one of `samples` samples, all of `shape`: a pure function of these and
  /// this policy. Views of fusion (epochs from kFusionEpoch on) are of one sample each: not mixed.
  View draw(const ViewKey& key, const ImageShape& shape, std::int64_t samples) const;

  /// The view at `key` of a sample of `dataset`.
  View draw(const ViewKey& key, const Dataset& dataset) const;

  /// Whether views are mixed with those of other samples.
  bool mixes() const { return mixing_ != nullptr; }

  /// Whether both mix views with the same distribution, or neither any.
  bool mixes_like(const ViewPolicy& other) const;

  /// The same policy without mixing.
  ViewPolicy unmixed() const;

  /// Normal form of the text that parse() takes ("none" where there is nothing).
  std::string text() const;

  /// Of the text and of the version of docs/views.md, so that a change of the pixels changes it.
  Fingerprint fingerprint() const;

 private:
  View draw_unmixed(const ViewKey& key, const ImageShape& shape) const;

  std::vector<std::shared_ptr<const Augmentation>> augmentations_;
  std::shared_ptr<const Mixing> mixing_;  ///< null: none
};

/// The whole sample, unchanged.
View canonical_view(const ImageShape& shape);

}  // namespace tandem
