#pragma once

#include <memory>
#include <string>

#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// One random change to a view. Each augmentation draws from its own stream of the view's key, so
/// that its draws do not depend on what else a policy holds. The algorithms are in docs/views.md.
class Augmentation {
 public:
  virtual ~Augmentation() = default;

  /// The part of a view that this augmentation sets. Crop and flip are set once, before any
  /// operation; operations follow each other, and no augmentation stands twice in a policy.
  enum class Part { kCrop, kFlip, kOperations };
  virtual Part part() const = 0;

  /// Draws this augmentation's part of the view at `key` into `view`; the sample is of `shape`.
  virtual void draw(const ViewKey& key, const ImageShape& shape, View& view) const = 0;

  /// Name with parameters in the syntax of a policy, e.g. "pad-crop:2".
  virtual std::string text() const = 0;
};

/// "pad-crop:P": pads by P zero pixels on each side, "pad-crop:P:reflect" by the sample mirrored,
/// and cuts a window of the sample's size at a uniform place.
class PadCrop : public Augmentation {
 public:
  /// Throws std::invalid_argument unless 1 <= padding <= 4096.
  explicit PadCrop(std::int64_t padding, Border border = Border::kZero);
  Part part() const override { return Part::kCrop; }
  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override;
  std::string text() const override;

 private:
  std::int64_t padding_;
  Border border_;
};

/// "flip": mirrors left and right with probability 1/2. "flip:alternate": does so on a sample's
/// first visit and then on every second one from either (Jordan, arXiv:2404.00498), so that two
/// visits in a row never show the same side.
class HorizontalFlip : public Augmentation {
 public:
  explicit HorizontalFlip(bool alternate = false) : alternate_(alternate) {}
  Part part() const override { return Part::kFlip; }
  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override;
  std::string text() const override;

 private:
  bool alternate_;
};

/// "resized-crop:MIN-MAX": a box with area uniform in [MIN, MAX] of the sample's and aspect ratio
/// log-uniform in [3/4, 4/3], scaled to the sample's size (Szegedy et al., arXiv:1409.4842; the
/// retry rule and the fallback are torchvision's RandomResizedCrop's). "resized-crop" is 0.08-1.
class RandomResizedCrop : public Augmentation {
 public:
  /// Throws std::invalid_argument unless 0 < min_scale <= max_scale <= 1.
  RandomResizedCrop(double min_scale, double max_scale);
  Part part() const override { return Part::kCrop; }
  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override;
  std::string text() const override;

 private:
  double min_scale_;
  double max_scale_;
};

/// Makes one augmentation from its text. Throws std::invalid_argument for a bad parameter, and one
/// that names the known augmentations for an unknown name.
std::unique_ptr<Augmentation> parse_augmentation(const std::string& text);

}  // namespace tandem
