#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <stdexcept>

#include "augmentations/parameter.h"
#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr std::int64_t kMaxPadding = 4096;

/// "pad-crop:P": pads by P zero pixels on each side, "pad-crop:P:reflect" by the sample mirrored,
/// and cuts a window of the sample's size at a uniform place.
class PadCrop : public Augmentation {
 public:
  PadCrop(std::int32_t padding, Border border) : padding_(padding), border_(border) {}
  Part part() const override { return Part::kCrop; }

  void draw(const ViewKey& key, const ImageShape& shape, View& view) const override {
    RandomStream random(key.stream(Stream::kPadCrop));
    const auto shift = [&] {
      return static_cast<std::int32_t>(random.below(2 * padding_ + 1)) - padding_;
    };
    view.crop.left = shift();
    view.crop.top = shift();
    view.crop.width = static_cast<std::int32_t>(shape.width);
    view.crop.height = static_cast<std::int32_t>(shape.height);
    view.border = border_;
  }

  std::string text() const override {
    return fmt::format("pad-crop:{}{}", padding_, border_ == Border::kReflect ? ":reflect" : "");
  }

 private:
  std::int32_t padding_;
  Border border_;
};

std::unique_ptr<Augmentation> parse_pad_crop(std::string_view parameter) {
  const auto [pixels, border] = split_parameter(parameter);
  const std::optional<std::int64_t> padding = parse_number<std::int64_t>(pixels);
  if (!padding || (border && *border != "reflect")) {
    refuse(kPadCropEntry, kPadCropEntry.syntax, parameter);
  }
  if (*padding < 1 || *padding > kMaxPadding) {
    throw std::invalid_argument(
        fmt::format("pad-crop: expected a padding in 1..{}, found {}", kMaxPadding, *padding));
  }
  return std::make_unique<PadCrop>(static_cast<std::int32_t>(*padding),
                                   border ? Border::kReflect : Border::kZero);
}

}  // namespace

constinit const AugmentationEntry kPadCropEntry{"pad-crop", "pad-crop:PIXELS[:reflect]",
                                                parse_pad_crop};

}  // namespace tandem
