// "rotate", "affine", "cutout" and "erasing".

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "augmentation_parsers.h"
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

/// "erasing:P": with probability P blackens a box of 2 %..33 % of the view's area and an aspect
/// ratio log-uniform in 0.3..3.3 (Zhong et al., arXiv:1708.04896; retries and ranges are those of
/// torchvision's RandomErasing).
class RandomErasing : public Augmentation {
 public:
  explicit RandomErasing(double probability) : probability_(probability) {}
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    constexpr double kMinArea = 0.02, kMaxArea = 0.33;
    constexpr double kLogLeast = -1.2039728043259361, kLogGreatest = 1.1939224684724346;
    RandomStream random(key.stream(Stream::kErasing));
    if (random.uniform() >= probability_) {
      return;
    }
    const double whole = static_cast<double>(shape.width * shape.height);
    for (int attempt = 0; attempt < 10; ++attempt) {
      const double area = whole * (kMinArea + random.uniform() * (kMaxArea - kMinArea));
      const double aspect = std::exp(kLogLeast + random.uniform() * (kLogGreatest - kLogLeast));
      const double height = std::nearbyint(std::sqrt(area * aspect));
      const double width = std::nearbyint(std::sqrt(area / aspect));
      if (height < static_cast<double>(shape.height) && width < static_cast<double>(shape.width)) {
        const auto place = [&](std::int64_t size, double extent) {
          return static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(size) -
                                                        static_cast<std::uint32_t>(extent) + 1));
        };
        const std::int32_t left = place(shape.width, width), top = place(shape.height, height);
        view.operations.push_back(erase(
            {left, top, static_cast<std::int32_t>(width), static_cast<std::int32_t>(height)}));
        return;
      }
    }
  }

  std::string text() const override { return fmt::format("erasing:{}", probability_); }

 private:
  double probability_;
};

}  // namespace

std::unique_ptr<Augmentation> parse_rotate(std::string_view parameter) {
  const double degrees = numbers_of("rotate:DEGREES", parameter, 1, 1)[0];
  if (!(degrees > 0 && degrees <= 180)) {
    refuse("rotate", "degrees above 0, at most 180", parameter);
  }
  return std::make_unique<RandomAffine>(fmt::format("rotate:{}", degrees), Stream::kRotate,
                                        RandomAffine::Limits{.degrees = degrees});
}

std::unique_ptr<Augmentation> parse_affine(std::string_view parameter) {
  constexpr std::string_view kSyntax = "affine:DEGREES-TRANSLATE-SCALE-SHEAR";
  std::vector<double> numbers = numbers_of(kSyntax, parameter, 1, 4);
  numbers.resize(4);
  const RandomAffine::Limits limits{numbers[0], numbers[1], numbers[2], numbers[3]};
  const bool within = limits.degrees >= 0 && limits.degrees <= 180 && limits.translate >= 0 &&
                      limits.translate <= 1 && limits.scale >= 0 && limits.scale <= 0.5 &&
                      limits.shear >= 0 && limits.shear <= 45;
  if (!within) {
    refuse(kSyntax, "DEGREES in 0..180, TRANSLATE in 0..1, SCALE in 0..0.5 and SHEAR in 0..45",
           parameter);
  }
  return std::make_unique<RandomAffine>(
      fmt::format("affine:{}-{}-{}-{}", numbers[0], numbers[1], numbers[2], numbers[3]),
      Stream::kAffine, limits);
}

std::unique_ptr<Augmentation> parse_cutout(std::string_view parameter) {
  const double size = numbers_of("cutout:SIZE", parameter, 1, 1)[0];
  if (!(size >= 1 && size <= 4096 && size == std::floor(size))) {
    refuse("cutout", "a whole number of pixels in 1..4096", parameter);
  }
  return std::make_unique<Cutout>(static_cast<std::int32_t>(size));
}

std::unique_ptr<Augmentation> parse_erasing(std::string_view parameter) {
  const double probability =
      parameter.empty() ? 0.5 : numbers_of("erasing:PROBABILITY", parameter, 1, 1)[0];
  if (!(probability > 0 && probability <= 1)) {
    refuse("erasing", "a probability above 0, at most 1", parameter);
  }
  return std::make_unique<RandomErasing>(probability);
}

}  // namespace tandem
