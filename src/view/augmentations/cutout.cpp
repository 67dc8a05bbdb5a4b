#include <fmt/format.h>

#include <cmath>

#include "augmentations/parameter.h"
#include "tandem/view/operations.h"

namespace tandem {
namespace {

/// "cutout:SIZE": blackens a square of SIZE pixels whose centre is any pixel, as far as it lies
/// within the view (DeVries and Taylor, arXiv:1708.04552).
class Cutout : public Augmentation {
 public:
  explicit Cutout(std::int32_t size) : size_(size) {}
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    RandomStream random(key.stream(Stream::kCutout));
    const auto place = [&](std::int64_t size) {
      return static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(size))) - size_ / 2;
    };
    const std::int32_t left = place(shape.width), top = place(shape.height);
    view.operations.push_back(erase({left, top, size_, size_}));
  }

  std::string text() const override { return fmt::format("cutout:{}", size_); }

 private:
  std::int32_t size_;
};

std::unique_ptr<Augmentation> parse_cutout(std::string_view parameter) {
  const double size = number_of(kCutoutEntry, parameter);
  if (!(size >= 1 && size <= 4096 && size == std::floor(size))) {
    refuse(kCutoutEntry, "a whole number of pixels in 1..4096", parameter);
  }
  return std::make_unique<Cutout>(static_cast<std::int32_t>(size));
}

}  // namespace

constinit const AugmentationEntry kCutoutEntry{"cutout", "cutout:SIZE", parse_cutout};

}  // namespace tandem
