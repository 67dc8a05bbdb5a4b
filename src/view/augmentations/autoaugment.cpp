#include <array>

#include "augmentations/operation_choice.h"
#include "augmentations/parameter.h"

namespace tandem {
namespace {

constexpr int kBinsOfSteps = 10;

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
        append(step.choice, {.bin = step.bin, .bins = kBinsOfSteps, .negative = negative}, shape,
               view.operations);
      }
    }
  }

  std::string text() const override { return "autoaugment"; }
};

std::unique_ptr<Augmentation> parse_autoaugment(std::string_view parameter) {
  if (!parameter.empty()) {
    refuse(kAutoAugmentEntry, "no parameter", parameter);
  }
  return std::make_unique<AutoAugment>();
}

}  // namespace

constinit const AugmentationEntry kAutoAugmentEntry{"autoaugment", "autoaugment",
                                                    parse_autoaugment};

}  // namespace tandem
