#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tandem/dataset/dataset.h"
#include "tandem/view/view.h"

namespace tandem {

/// Mixing of a view with one of another sample: "mixup:ALPHA" (Zhang et al., arXiv:1710.09412) and
/// "cutmix:ALPHA" (Yun et al., arXiv:1905.04899); with both, each view is mixed one way or the
/// other, as often. Partner and share are drawn from the view's key, not from its batch, so that a
/// mixed view has an address like any other: it can be replayed, labelled and stored. The partner
/// is any sample, this one included, under the view that it has itself in this epoch.
class Mixing {
 public:
  /// What is drawn; the partner's view is then drawn as any.
  struct Draw {
    std::uint32_t partner = 0;
    double share = 1;
    std::optional<Box> patch;
  };

  /// Whether `text` is the augmentation that add() takes.
  static bool is_mixing(const std::string& text);

  /// Adds a way to mix. Throws std::invalid_argument for a bad parameter, an ALPHA outside
  /// 0.05..4 and a way that is there already.
  void add(const std::string& text);

  /// For one of `samples` samples.
  Draw draw(const ViewKey& key, const ImageShape& shape, std::int64_t samples) const;

  bool none() const { return !mixup_ && !cutmix_; }

  /// "mixup:0.2", "mixup:0.8,cutmix:1"; empty where there is none.
  std::string text() const;

  friend bool operator==(const Mixing&, const Mixing&) = default;

 private:
  std::optional<double> mixup_;
  std::optional<double> cutmix_;
};

}  // namespace tandem
