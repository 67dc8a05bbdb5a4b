#include <fmt/format.h>

#include <cmath>

#include "augmentations/parameter.h"
#include "tandem/view/operations.h"

namespace tandem {
namespace {

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

std::unique_ptr<Augmentation> parse_erasing(std::string_view parameter) {
  const double probability = parameter.empty() ? 0.5 : number_of(kErasingEntry, parameter);
  if (!(probability > 0 && probability <= 1)) {
    refuse(kErasingEntry, "a probability above 0, at most 1", parameter);
  }
  return std::make_unique<RandomErasing>(probability);
}

}  // namespace

constinit const AugmentationEntry kErasingEntry{"erasing", "erasing:PROBABILITY", parse_erasing};

}  // namespace tandem
