#include "tandem/view/augmentation.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string_view>

#include "augmentation_parsers.h"
#include "tandem/core/registry.h"

namespace tandem {
namespace {

constexpr std::int64_t kMaxPadding = 4096;
constexpr int kCropTries = 10;
constexpr double kMinAspect = 3.0 / 4, kMaxAspect = 4.0 / 3;
constexpr double kLogMaxAspect = 0.28768207245178085;

/// Reads a number off the front of `text`; false if there is none.
template <typename Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(end - text.data());
  return error == std::errc();
}

std::unique_ptr<Augmentation> parse_pad_crop(std::string_view parameter) {
  constexpr std::string_view kSyntax = "pad-crop:PIXELS[:reflect]";
  std::string_view rest = parameter;
  std::int64_t padding = 0;
  const bool number = take_number(rest, padding);
  if (!number || !(rest.empty() || rest == ":reflect")) {
    refuse(kSyntax, kSyntax, parameter);
  }
  return std::make_unique<PadCrop>(padding, rest.empty() ? Border::kZero : Border::kReflect);
}

std::unique_ptr<Augmentation> parse_flip(std::string_view parameter) {
  if (!parameter.empty() && parameter != "alternate") {
    refuse("flip", "no parameter or 'alternate'", parameter);
  }
  return std::make_unique<HorizontalFlip>(!parameter.empty());
}

std::unique_ptr<Augmentation> parse_resized_crop(std::string_view parameter) {
  if (parameter.empty()) {
    return std::make_unique<RandomResizedCrop>(0.08, 1);
  }
  const std::vector<double> scales = numbers_of("resized-crop:MIN-MAX", parameter, 2, 2);
  return std::make_unique<RandomResizedCrop>(scales[0], scales[1]);
}

using Parser = std::function<std::unique_ptr<Augmentation>(std::string_view parameter)>;

const Registry<Parser>& parsers() {
  static const Registry<Parser> registry = [] {
    Registry<Parser> known("augmentation");
    known.add("pad-crop", parse_pad_crop);
    known.add("flip", parse_flip);
    known.add("resized-crop", parse_resized_crop);
    known.add("rotate", parse_rotate);
    known.add("affine", parse_affine);
    known.add("color-jitter", parse_color_jitter);
    known.add("grayscale", parse_grayscale);
    known.add("blur", parse_blur);
    known.add("cutout", parse_cutout);
    known.add("erasing", parse_erasing);
    known.add("randaugment", parse_randaugment);
    known.add("autoaugment", parse_autoaugment);
    known.add("trivialaugment", parse_trivialaugment);
    return known;
  }();
  return registry;
}

std::int32_t rounded(double value) {
  return static_cast<std::int32_t>(std::nearbyint(value));
}

/// torchvision's fallback: the largest central box with an aspect ratio within the bounds.
Box central_box(std::int32_t width, std::int32_t height) {
  Box box{0, 0, width, height};
  const double aspect = static_cast<double>(width) / height;
  if (aspect < kMinAspect) {
    box.height = rounded(width / kMinAspect);
  } else if (aspect > kMaxAspect) {
    box.width = rounded(height * kMaxAspect);
  }
  box.left = (width - box.width) / 2;
  box.top = (height - box.height) / 2;
  return box;
}

}  // namespace

PadCrop::PadCrop(std::int64_t padding, Border border) : padding_(padding), border_(border) {
  if (padding < 1 || padding > kMaxPadding) {
    throw std::invalid_argument(
        fmt::format("pad-crop: expected a padding in 1..{}, found {}", kMaxPadding, padding));
  }
}

void PadCrop::draw(const ViewKey& key, const ImageShape& shape, View& view) const {
  RandomStream random(key.stream(Stream::kPadCrop));
  const auto padding = static_cast<std::int32_t>(padding_);
  const auto shift = [&] {
    return static_cast<std::int32_t>(random.below(2 * padding + 1)) - padding;
  };
  view.crop.left = shift();
  view.crop.top = shift();
  view.crop.width = static_cast<std::int32_t>(shape.width);
  view.crop.height = static_cast<std::int32_t>(shape.height);
  view.border = border_;
}

std::string PadCrop::text() const {
  return fmt::format("pad-crop:{}{}", padding_, border_ == Border::kReflect ? ":reflect" : "");
}

void HorizontalFlip::draw(const ViewKey& key, const ImageShape&, View& view) const {
  const ViewKey seen_first{key.seed, 0, key.index};
  const ViewKey& drawn = alternate_ ? seen_first : key;
  view.flip = RandomStream(drawn.stream(Stream::kHorizontalFlip)).below(2) == 1;
  if (alternate_ && key.epoch % 2 == 1) {
    view.flip = !view.flip;
  }
}

std::string HorizontalFlip::text() const {
  return alternate_ ? "flip:alternate" : "flip";
}

RandomResizedCrop::RandomResizedCrop(double min_scale, double max_scale)
    : min_scale_(min_scale), max_scale_(max_scale) {
  if (!(0 < min_scale && min_scale <= max_scale && max_scale <= 1)) {
    throw std::invalid_argument(fmt::format(
        "resized-crop: expected 0 < MIN <= MAX <= 1, found {}-{}", min_scale, max_scale));
  }
}

void RandomResizedCrop::draw(const ViewKey& key, const ImageShape& shape, View& view) const {
  RandomStream random(key.stream(Stream::kResizedCrop));
  const auto width = static_cast<std::int32_t>(shape.width);
  const auto height = static_cast<std::int32_t>(shape.height);
  const double whole = static_cast<double>(shape.width * shape.height);
  for (int attempt = 0; attempt < kCropTries; ++attempt) {
    const double area = whole * (min_scale_ + random.uniform() * (max_scale_ - min_scale_));
    const double aspect = std::exp((2 * random.uniform() - 1) * kLogMaxAspect);
    Box box;
    box.width = rounded(std::sqrt(area * aspect));
    box.height = rounded(std::sqrt(area / aspect));
    if (box.width > 0 && box.width <= width && box.height > 0 && box.height <= height) {
      box.left = static_cast<std::int32_t>(random.below(width - box.width + 1));
      box.top = static_cast<std::int32_t>(random.below(height - box.height + 1));
      view.crop = box;
      return;
    }
  }
  view.crop = central_box(width, height);
}

std::string RandomResizedCrop::text() const {
  return fmt::format("resized-crop:{}-{}", min_scale_, max_scale_);
}

std::unique_ptr<Augmentation> parse_augmentation(const std::string& text) {
  const std::string_view whole = text;
  const std::size_t colon = whole.find(':');
  const Parser& parser = parsers().at(whole.substr(0, colon));
  if (colon == std::string_view::npos) {
    return parser({});
  }
  if (colon + 1 == whole.size()) {
    throw std::invalid_argument(fmt::format("'{}': expected a parameter after the colon", text));
  }
  return parser(whole.substr(colon + 1));
}

}  // namespace tandem
