#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "augmentations/parameter.h"
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

std::unique_ptr<Augmentation> parse_color_jitter(std::string_view parameter) {
  std::array<double, 4> strengths{};
  const std::vector<double> numbers = numbers_up_to(kColorJitterEntry, parameter, 4);
  std::copy(numbers.begin(), numbers.end(), strengths.begin());
  const double greatest = *std::max_element(strengths.begin(), strengths.end());
  const double least = *std::min_element(strengths.begin(), strengths.end());
  if (!(least >= 0 && greatest > 0 && greatest <= 4 && strengths[3] <= 0.5)) {
    refuse(kColorJitterEntry, "strengths in 0..4, the hue's in 0..0.5, and one above 0", parameter);
  }
  return std::make_unique<ColorJitter>(strengths);
}

}  // namespace

constinit const AugmentationEntry kColorJitterEntry{
    "color-jitter", "color-jitter:BRIGHTNESS-CONTRAST-SATURATION-HUE", parse_color_jitter};

}  // namespace tandem
