// "randaugment", "autoaugment" and "trivialaugment": operations drawn from a list, with
// torchvision's ranges.

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>

#include "augmentation_parsers.h"
#include "tandem/view/operations.h"

namespace tandem {
namespace {

enum class Choice {
  kIdentity,
  kShearX,
  kShearY,
  kTranslateX,
  kTranslateY,
  kRotate,
  kBrightness,
  kColor,
  kContrast,
  kSharpness,
  kPosterize,
  kSolarize,
  kAutoContrast,
  kEqualize,
  kInvert,
};

constexpr std::uint32_t kChoices = 14;  // of RandAugment and TrivialAugment: all but the last

bool is_signed(Choice choice) {
  return choice >= Choice::kShearX && choice <= Choice::kSharpness;
}

bool has_magnitude(Choice choice) {
  return choice >= Choice::kShearX && choice <= Choice::kSolarize;
}

/// What the greatest magnitude means.
struct Ranges {
  double shear = 0.3;
  double translate_share = 150.0 / 331;  ///< of the image's side
  double translate_pixels = 0;           ///< more than that
  double degrees = 30;
  double enhance = 0.9;
  int bits = 4;  ///< that posterize takes off
};

constexpr Ranges kWideRanges{.shear = 0.99,
                             .translate_share = 0,
                             .translate_pixels = 32,
                             .degrees = 135,
                             .enhance = 0.99,
                             .bits = 6};

/// Adds `choice` at magnitude `bin` of 0..`bins` - 1.
void append(Choice choice, int bin, int bins, bool negative, const Ranges& ranges,
            const ImageShape& shape, std::vector<Operation>& operations) {
  const double level = static_cast<double>(bin) / (bins - 1);
  const double either_way = negative ? -level : level;
  const auto pixels = [&](std::int64_t side) {
    return std::trunc(either_way * (ranges.translate_share * static_cast<double>(side) +
                                    ranges.translate_pixels));
  };
  const double degrees_of_shear = std::atan(either_way * ranges.shear) * (180 / std::numbers::pi);
  const double factor = 1 + either_way * ranges.enhance;
  switch (choice) {
    case Choice::kIdentity:
      return;
    case Choice::kShearX:
      return operations.push_back(affine({.shear_x_degrees = degrees_of_shear}, 0, 0));
    case Choice::kShearY:
      return operations.push_back(affine({.shear_y_degrees = degrees_of_shear}, 0, 0));
    case Choice::kTranslateX:
      return operations.push_back(affine({.dx = pixels(shape.width)}, shape));
    case Choice::kTranslateY:
      return operations.push_back(affine({.dy = pixels(shape.height)}, shape));
    case Choice::kRotate:  // counterclockwise
      return operations.push_back(affine({.degrees = -either_way * ranges.degrees}, shape));
    case Choice::kBrightness:
      return operations.push_back(brightness(factor));
    case Choice::kColor:
      return operations.push_back(saturation(factor));
    case Choice::kContrast:
      return operations.push_back(contrast(factor));
    case Choice::kSharpness:
      return operations.push_back(sharpness(factor));
    case Choice::kPosterize:
      return operations.push_back(
          posterize(8 - static_cast<int>(std::nearbyint(level * ranges.bits))));
    case Choice::kSolarize:  // from the threshold 255 (1 - level) on, rounded up
      return operations.push_back(solarize(255 - bin * 255 / (bins - 1)));
    case Choice::kAutoContrast:
      return operations.push_back(auto_contrast());
    case Choice::kEqualize:
      return operations.push_back(equalize());
    case Choice::kInvert:
      return operations.push_back(invert());
  }
}

constexpr int kBins = 31;

/// "randaugment:N-M": N operations, each any of fourteen at magnitude M of 0..30 (Cubuk et al.,
/// arXiv:1909.13719).
class RandAugment : public Augmentation {
 public:
  RandAugment(int count, int magnitude) : count_(count), magnitude_(magnitude) {}
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    RandomStream random(key.stream(Stream::kRandAugment));
    for (int k = 0; k < count_; ++k) {
      const auto choice = static_cast<Choice>(random.below(kChoices));
      const bool negative = is_signed(choice) && random.below(2) == 1;
      append(choice, magnitude_, kBins, negative, {}, shape, view.operations);
    }
  }

  std::string text() const override { return fmt::format("randaugment:{}-{}", count_, magnitude_); }

 private:
  int count_;
  int magnitude_;
};

/// "trivialaugment": one operation, any of fourteen, at any of 31 magnitudes of wide ranges (Müller
/// and Hutter, arXiv:2103.10158).
class TrivialAugment : public Augmentation {
 public:
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    RandomStream random(key.stream(Stream::kTrivialAugment));
    const auto choice = static_cast<Choice>(random.below(kChoices));
    const int bin = has_magnitude(choice) ? static_cast<int>(random.below(kBins)) : 0;
    const bool negative = is_signed(choice) && random.below(2) == 1;
    append(choice, bin, kBins, negative, kWideRanges, shape, view.operations);
  }

  std::string text() const override { return "trivialaugment"; }
};

/// One step of an AutoAugment policy; the magnitude is of 0..9.
struct Step {
  Choice choice;
  double probability;
  int bin = 0;
};

/// Found for CIFAR-10 (Cubuk et al., arXiv:1805.09501, table 7), as torchvision has them.
constexpr std::array<std::array<Step, 2>, 25> kCifar10Policies = {{
    {{{Choice::kInvert, 0.1}, {Choice::kContrast, 0.2, 6}}},
    {{{Choice::kRotate, 0.7, 2}, {Choice::kTranslateX, 0.3, 9}}},
    {{{Choice::kSharpness, 0.8, 1}, {Choice::kSharpness, 0.9, 3}}},
    {{{Choice::kShearY, 0.5, 8}, {Choice::kTranslateY, 0.7, 9}}},
    {{{Choice::kAutoContrast, 0.5}, {Choice::kEqualize, 0.9}}},
    {{{Choice::kShearY, 0.2, 7}, {Choice::kPosterize, 0.3, 7}}},
    {{{Choice::kColor, 0.4, 3}, {Choice::kBrightness, 0.6, 7}}},
    {{{Choice::kSharpness, 0.3, 9}, {Choice::kBrightness, 0.7, 9}}},
    {{{Choice::kEqualize, 0.6}, {Choice::kEqualize, 0.5}}},
    {{{Choice::kContrast, 0.6, 7}, {Choice::kSharpness, 0.6, 5}}},
    {{{Choice::kColor, 0.7, 7}, {Choice::kTranslateX, 0.5, 8}}},
    {{{Choice::kEqualize, 0.3}, {Choice::kAutoContrast, 0.4}}},
    {{{Choice::kTranslateY, 0.4, 3}, {Choice::kSharpness, 0.2, 6}}},
    {{{Choice::kBrightness, 0.9, 6}, {Choice::kColor, 0.2, 8}}},
    {{{Choice::kSolarize, 0.5, 2}, {Choice::kInvert, 0}}},
    {{{Choice::kEqualize, 0.2}, {Choice::kAutoContrast, 0.6}}},
    {{{Choice::kEqualize, 0.2}, {Choice::kEqualize, 0.6}}},
    {{{Choice::kColor, 0.9, 9}, {Choice::kEqualize, 0.6}}},
    {{{Choice::kAutoContrast, 0.8}, {Choice::kSolarize, 0.2, 8}}},
    {{{Choice::kBrightness, 0.1, 3}, {Choice::kColor, 0.7, 0}}},
    {{{Choice::kSolarize, 0.4, 5}, {Choice::kAutoContrast, 0.9}}},
    {{{Choice::kTranslateY, 0.9, 9}, {Choice::kTranslateY, 0.7, 9}}},
    {{{Choice::kAutoContrast, 0.9}, {Choice::kSolarize, 0.8, 3}}},
    {{{Choice::kEqualize, 0.8}, {Choice::kInvert, 0.1}}},
    {{{Choice::kTranslateY, 0.7, 9}, {Choice::kAutoContrast, 0.9}}},
}};

/// "autoaugment": one of the 25 pairs of steps found for CIFAR-10, each step with its probability.
class AutoAugment : public Augmentation {
 public:
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    RandomStream random(key.stream(Stream::kAutoAugment));
    for (const Step& step : kCifar10Policies[random.below(kCifar10Policies.size())]) {
      const bool done = random.uniform() < step.probability;
      const bool negative = random.below(2) == 1 && is_signed(step.choice);
      if (done) {
        append(step.choice, step.bin, 10, negative, {}, shape, view.operations);
      }
    }
  }

  std::string text() const override { return "autoaugment"; }
};

}  // namespace

std::unique_ptr<Augmentation> parse_randaugment(std::string_view parameter) {
  constexpr std::string_view kSyntax = "randaugment:COUNT-MAGNITUDE";
  std::vector<double> numbers = {2, 9};
  if (!parameter.empty()) {
    numbers = numbers_of(kSyntax, parameter, 2, 2);
  }
  const bool whole = numbers[0] == std::floor(numbers[0]) && numbers[1] == std::floor(numbers[1]);
  if (!(whole && numbers[0] >= 1 && numbers[0] <= 8 && numbers[1] >= 0 && numbers[1] < kBins)) {
    refuse(kSyntax, "whole numbers, COUNT in 1..8 and MAGNITUDE in 0..30", parameter);
  }
  return std::make_unique<RandAugment>(static_cast<int>(numbers[0]), static_cast<int>(numbers[1]));
}

std::unique_ptr<Augmentation> parse_autoaugment(std::string_view parameter) {
  if (!parameter.empty()) {
    refuse("autoaugment", "no parameter", parameter);
  }
  return std::make_unique<AutoAugment>();
}

std::unique_ptr<Augmentation> parse_trivialaugment(std::string_view parameter) {
  if (!parameter.empty()) {
    refuse("trivialaugment", "no parameter", parameter);
  }
  return std::make_unique<TrivialAugment>();
}

}  // namespace tandem
