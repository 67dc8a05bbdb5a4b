#include "augmentations/parameter.h"

namespace tandem {
namespace {

/// "flip": mirrors left and right with probability 1/2. "flip:alternate": does so on a sample's
/// first visit and then on every second one from either (Jordan, arXiv:2404.00498), so that two
/// visits in a row never show the same side.
class HorizontalFlip : public Augmentation {
 public:
  explicit HorizontalFlip(bool alternate) : alternate_(alternate) {}
  Part part() const override { return Part::kFlip; }

  void draw(const ViewKey& key, const ImageShape&, View& view) const override {
    const ViewKey seen_first{key.seed, 0, key.index};
    const ViewKey& drawn = alternate_ ? seen_first : key;
    view.flip = RandomStream(drawn.stream(Stream::kHorizontalFlip)).below(2) == 1;
    if (alternate_ && key.epoch % 2 == 1) {
      view.flip = !view.flip;
    }
  }

  std::string text() const override { return alternate_ ? "flip:alternate" : "flip"; }

 private:
  bool alternate_;
};

std::unique_ptr<Augmentation> parse_flip(std::string_view parameter) {
  if (!parameter.empty() && parameter != "alternate") {
    refuse(kFlipEntry, "no parameter or 'alternate'", parameter);
  }
  return std::make_unique<HorizontalFlip>(!parameter.empty());
}

}  // namespace

constinit const AugmentationEntry kFlipEntry{"flip", "flip[:alternate]", parse_flip};

}  // namespace tandem
