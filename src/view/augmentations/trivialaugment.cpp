#include "augmentations/operation_choice.h"
#include "augmentations/parameter.h"

namespace tandem {
namespace {

constexpr Ranges kWideRanges{.shear = 0.99,
                             .translate_share = 0,
                             .translate_pixels = 32,
                             .degrees = 135,
                             .enhance = 0.99,
                             .bits = 6};

/// "trivialaugment": one operation, any of fourteen, at any of 31 magnitudes of wide ranges (Müller
/// and Hutter, arXiv:2103.10158).
class TrivialAugment : public Augmentation {
 public:
  Part part() const override { return Part::kOperations; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    RandomStream random(key.stream(Stream::kTrivialAugment));
    const auto choice = static_cast<Choice>(random.below(kChoices));
    const int bin = has_magnitude(choice) ? static_cast<int>(random.below(kMagnitudeBins)) : 0;
    const bool negative = is_signed(choice) && random.below(2) == 1;
    append(choice, {.bin = bin, .negative = negative, .ranges = kWideRanges}, shape,
           view.operations);
  }

  std::string text() const override { return "trivialaugment"; }
};

std::unique_ptr<Augmentation> parse_trivialaugment(std::string_view parameter) {
  if (!parameter.empty()) {
    refuse(kTrivialAugmentEntry, "no parameter", parameter);
  }
  return std::make_unique<TrivialAugment>();
}

}  // namespace

constinit const AugmentationEntry kTrivialAugmentEntry{"trivialaugment", "trivialaugment",
                                                       parse_trivialaugment};

}  // namespace tandem
