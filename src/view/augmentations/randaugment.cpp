#include <fmt/format.h>

#include <cmath>

#include "augmentations/operation_choice.h"
#include "augmentations/parameter.h"

namespace tandem {
namespace {

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
      append(choice, {.bin = magnitude_, .negative = negative}, shape, view.operations);
    }
  }

  std::string text() const override { return fmt::format("randaugment:{}-{}", count_, magnitude_); }

 private:
  int count_;
  int magnitude_;
};

std::unique_ptr<Augmentation> parse_randaugment(std::string_view parameter) {
  std::vector<double> numbers = {2, 9};
  if (!parameter.empty()) {
    numbers = numbers_of(kRandAugmentEntry, parameter, 2);
  }
  const bool whole = numbers[0] == std::floor(numbers[0]) && numbers[1] == std::floor(numbers[1]);
  if (!(whole && numbers[0] >= 1 && numbers[0] <= 8 && numbers[1] >= 0 &&
        numbers[1] < kMagnitudeBins)) {
    refuse(kRandAugmentEntry, "whole numbers, COUNT in 1..8 and MAGNITUDE in 0..30", parameter);
  }
  return std::make_unique<RandAugment>(static_cast<int>(numbers[0]), static_cast<int>(numbers[1]));
}

}  // namespace

constinit const AugmentationEntry kRandAugmentEntry{"randaugment", "randaugment:COUNT-MAGNITUDE",
                                                    parse_randaugment};

}  // namespace tandem
