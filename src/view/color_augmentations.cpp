// "color-jitter", "grayscale" and "blur".

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "augmentation_parsers.h"
#include "tandem/view/operations.h"

namespace tandem {
namespace {

/// "color-jitter:B-C-S-H": brightness, contrast and saturation by factors uniform in 1 - B..1 + B
/// and so on, but not below 0, and a hue uniform in -H..H turns, in random order (torchvision's
/// ColorJitter). Strengths left out, from the end, are 0; of strength 0 nothing is done.
class ColorJitter : public Augmentation {
 public:
  explicit ColorJitter(std::array<double, 4> strengths) : strengths_(strengths) {}
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape&, View& view) const override {
    RandomStream random(key.stream(Stream::kColorJitter));
    std::array<std::size_t, 4> order = {0, 1, 2, 3};
    for (std::uint32_t last = 3; last > 0; --last) {
      std::swap(order[last], order[random.below(last + 1)]);
    }
    std::array<double, 4> values;
    for (std::size_t kind = 0; kind < 4; ++kind) {
      const double strength = strengths_[kind];
      const double centre = kind == 3 ? 0 : 1;
      const double low = kind == 3 ? -strength : std::max(centre - strength, 0.0);
      values[kind] = low + random.uniform() * (centre + strength - low);
    }
    for (const std::size_t kind : order) {
      if (strengths_[kind] > 0) {
        view.operations.push_back(kind == 0   ? brightness(values[0])
                                  : kind == 1 ? contrast(values[1])
                                  : kind == 2 ? saturation(values[2])
                                              : hue(values[3]));
      }
    }
  }

  std::string text() const override {
    return fmt::format("color-jitter:{}-{}-{}-{}", strengths_[0], strengths_[1], strengths_[2],
                       strengths_[3]);
  }

 private:
  std::array<double, 4> strengths_;
};

/// "grayscale:P": grey with probability P.
class Grayscale : public Augmentation {
 public:
  explicit Grayscale(double probability) : probability_(probability) {}
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape&, View& view) const override {
    if (RandomStream(key.stream(Stream::kGrayscale)).uniform() < probability_) {
      view.operations.push_back(grayscale());
    }
  }

  std::string text() const override { return fmt::format("grayscale:{}", probability_); }

 private:
  double probability_;
};

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

}  // namespace

std::unique_ptr<Augmentation> parse_color_jitter(std::string_view parameter) {
  constexpr std::string_view kSyntax = "color-jitter:BRIGHTNESS-CONTRAST-SATURATION-HUE";
  std::array<double, 4> strengths{};
  const std::vector<double> numbers = numbers_of(kSyntax, parameter, 1, 4);
  std::copy(numbers.begin(), numbers.end(), strengths.begin());
  const double greatest = *std::max_element(strengths.begin(), strengths.end());
  const double least = *std::min_element(strengths.begin(), strengths.end());
  if (!(least >= 0 && greatest > 0 && greatest <= 4 && strengths[3] <= 0.5)) {
    refuse(kSyntax, "strengths in 0..4, the hue's in 0..0.5, and one above 0", parameter);
  }
  return std::make_unique<ColorJitter>(strengths);
}

std::unique_ptr<Augmentation> parse_grayscale(std::string_view parameter) {
  const double probability = numbers_of("grayscale:PROBABILITY", parameter, 1, 1)[0];
  if (!(probability > 0 && probability <= 1)) {
    refuse("grayscale", "a probability above 0, at most 1", parameter);
  }
  return std::make_unique<Grayscale>(probability);
}

std::unique_ptr<Augmentation> parse_blur(std::string_view parameter) {
  constexpr std::string_view kSyntax = "blur:MIN-MAX";
  if (parameter.empty()) {
    return std::make_unique<Blur>(0.1, 2);
  }
  const std::vector<double> numbers = numbers_of(kSyntax, parameter, 2, 2);
  if (!(0 < numbers[0] && numbers[0] <= numbers[1] && numbers[1] <= 64)) {
    refuse(kSyntax, "0 < MIN <= MAX <= 64", parameter);
  }
  return std::make_unique<Blur>(numbers[0], numbers[1]);
}

}  // namespace tandem
