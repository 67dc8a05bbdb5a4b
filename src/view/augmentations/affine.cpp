#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "augmentations/parameter.h"
#include "tandem/view/operations.h"

namespace tandem {
namespace {

/// "affine:DEGREES-TRANSLATE-SCALE-SHEAR": turns by up to DEGREES either way, moves by up to
/// TRANSLATE of the width and the height, scales by 1 - SCALE..1 + SCALE and shears along x by up
/// to SHEAR degrees, all uniform, about the centre; what comes from outside is black (torchvision's
/// RandomAffine). "rotate:DEGREES" is the same with the others 0.
class RandomAffine : public Augmentation {
 public:
  struct Limits {
    double degrees = 0, translate = 0, scale = 0, shear = 0;
  };

  RandomAffine(std::string text, Stream stream, const Limits& limits)
      : text_(std::move(text)), stream_(stream), limits_(limits) {}
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    RandomStream random(key.stream(stream_));
    const auto either_way = [&](double limit) { return (2 * random.uniform() - 1) * limit; };
    Affine map;
    map.degrees = either_way(limits_.degrees);
    map.dx = std::nearbyint(either_way(limits_.translate * static_cast<double>(shape.width)));
    map.dy = std::nearbyint(either_way(limits_.translate * static_cast<double>(shape.height)));
    map.scale = 1 + either_way(limits_.scale);
    map.shear_x_degrees = either_way(limits_.shear);
    view.operations.push_back(affine(map, shape));
  }

  std::string text() const override { return text_; }

 private:
  std::string text_;
  Stream stream_;
  Limits limits_;
};

std::unique_ptr<Augmentation> parse_rotate(std::string_view parameter) {
  const double degrees = number_of(kRotateEntry, parameter);
  if (!(degrees > 0 && degrees <= 180)) {
    refuse(kRotateEntry, "degrees above 0, at most 180", parameter);
  }
  return std::make_unique<RandomAffine>(fmt::format("rotate:{}", degrees), Stream::kRotate,
                                        RandomAffine::Limits{.degrees = degrees});
}

std::unique_ptr<Augmentation> parse_affine(std::string_view parameter) {
  std::vector<double> numbers = numbers_up_to(kAffineEntry, parameter, 4);
  numbers.resize(4);
  const RandomAffine::Limits limits{numbers[0], numbers[1], numbers[2], numbers[3]};
  const bool within = limits.degrees >= 0 && limits.degrees <= 180 && limits.translate >= 0 &&
                      limits.translate <= 1 && limits.scale >= 0 && limits.scale <= 0.5 &&
                      limits.shear >= 0 && limits.shear <= 45;
  if (!within) {
    refuse(kAffineEntry, "DEGREES in 0..180, TRANSLATE in 0..1, SCALE in 0..0.5 and SHEAR in 0..45",
           parameter);
  }
  return std::make_unique<RandomAffine>(
      fmt::format("affine:{}-{}-{}-{}", numbers[0], numbers[1], numbers[2], numbers[3]),
      Stream::kAffine, limits);
}

}  // namespace

constinit const AugmentationEntry kRotateEntry{"rotate", "rotate:DEGREES", parse_rotate};

constinit const AugmentationEntry kAffineEntry{"affine", "affine:DEGREES-TRANSLATE-SCALE-SHEAR",
                                               parse_affine};

}  // namespace tandem
