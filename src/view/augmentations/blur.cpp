#include <fmt/format.h>

#include <algorithm>

#include "augmentations/parameter.h"
#include "tandem/view/operations.h"

namespace tandem {
namespace {

/// "blur:MIN-MAX": Gaussian blur with a standard deviation uniform in [MIN, MAX] pixels and taps
/// over a tenth of the shorter side, three at least and 33 at most (Chen et al., arXiv:2002.05709).
class Blur : public Augmentation {
 public:
  Blur(double min_sigma, double max_sigma) : min_sigma_(min_sigma), max_sigma_(max_sigma) {}
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    const double spread = RandomStream(key.stream(Stream::kBlur)).uniform();
    const auto radius = static_cast<int>(std::min(shape.height, shape.width) / 20);
    view.operations.push_back(
        gaussian_blur(std::clamp(radius, 1, 16), min_sigma_ + spread * (max_sigma_ - min_sigma_)));
  }

  std::string text() const override { return fmt::format("blur:{}-{}", min_sigma_, max_sigma_); }

 private:
  double min_sigma_, max_sigma_;
};

std::unique_ptr<Augmentation> parse_blur(std::string_view parameter) {
  if (parameter.empty()) {
    return std::make_unique<Blur>(0.1, 2);
  }
  const std::vector<double> numbers = numbers_of(kBlurEntry, parameter, 2);
  if (!(0 < numbers[0] && numbers[0] <= numbers[1] && numbers[1] <= 64)) {
    refuse(kBlurEntry, "0 < MIN <= MAX <= 64", parameter);
  }
  return std::make_unique<Blur>(numbers[0], numbers[1]);
}

}  // namespace

constinit const AugmentationEntry kBlurEntry{"blur", "blur:MIN-MAX", parse_blur};

}  // namespace tandem
