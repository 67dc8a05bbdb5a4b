#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tandem/core/fingerprint.h"
#include "tandem/view/augmentation.h"

namespace tandem {

/// What may happen to a sample: augmentations in order. Written as text, "pad-crop:2,flip"; the
/// empty text (or "none") is the policy whose every view is canonical. A value type.
class ViewPolicy {
 public:
  ViewPolicy() = default;

  /// Throws std::invalid_argument for an unknown augmentation, a bad parameter, and two
  /// augmentations that set the same part of a view.
  static ViewPolicy parse(const std::string& text);

  /// The view at `key`: a pure function of key, shape and this policy.
  View draw(const ViewKey& key, const ImageShape& shape) const;

  /// Normal form of the text that parse() takes ("none" where there is nothing).
  std::string text() const;

  /// Of the text and of the version of docs/views.md, so that a change of the pixels changes it.
  Fingerprint fingerprint() const;

 private:
  std::vector<std::shared_ptr<const Augmentation>> augmentations_;
};

/// The whole sample, unchanged.
View canonical_view(const ImageShape& shape);

}  // namespace tandem
