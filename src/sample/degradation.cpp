#include "degradation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <optional>
#include <span>
#include <stdexcept>

#include "degrade_pixels.h"
#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

/// Strength that the kind allows, and words for it.
bool is_strength(std::string_view kind, double strength) {
  if (kind == "jpeg") {
    return strength >= 1 && strength <= 100 && strength == std::floor(strength);
  }
  return kind == "blur"    ? strength > 0 && strength <= 100
         : kind == "noise" ? strength > 0 && strength <= 255
                           : strength > 1 && strength <= 1024;
}

}  // namespace

const std::vector<std::pair<Degradation::Kind, std::string>>& Degradation::kinds() {
  static const std::vector<std::pair<Kind, std::string>> known = {
      {Kind::kBlur, "blur"},
      {Kind::kNoise, "noise"},
      {Kind::kJpeg, "jpeg"},
      {Kind::kLowResolution, "low-resolution"}};
  return known;
}

Degradation Degradation::parse(const std::string& text) {
  Degradation degradation;
  if (text.empty()) {
    return degradation;
  }
  for (const std::string_view step : split_list(text)) {
    const auto [name, parameter] = split_parameter(step);
    const auto strength = parse_number<double>(parameter.value_or(""));
    const Kind* kind = nullptr;
    for (const auto& [known, known_name] : kinds()) {
      kind = known_name == name ? &known : kind;
    }
    if (kind == nullptr || !strength || !is_strength(name, *strength)) {
      throw std::invalid_argument(fmt::format(
          "degradation '{}': expected blur:SIGMA (up to 100 pixels), noise:STDDEV (up to 255 "
          "steps), jpeg:QUALITY (1..100) or low-resolution:FACTOR (above 1, up to 1024), or "
          "several joined by ','",
          step));
    }
    degradation.steps_.push_back({*kind, *strength});
  }
  return degradation;
}

std::string Degradation::text() const {
  std::string text;
  for (const Step& step : steps_) {
    for (const auto& [kind, name] : kinds()) {
      if (kind == step.kind) {
        text += fmt::format("{}{}:{}", text.empty() ? "" : ",", name, step.strength);
      }
    }
  }
  return text;
}

torch::Tensor Degradation::apply(const torch::Tensor& images,
                                 const std::vector<std::int64_t>& places,
                                 std::uint64_t seed) const {
  if (images.scalar_type() != torch::kUInt8 || images.dim() != 4 || !images.is_contiguous() ||
      images.size(0) != std::ssize(places)) {
    throw std::invalid_argument(fmt::format(
        "degradation '{}': expected contiguous uint8 images [{}, channels, height, width], got {} "
        "[{}]",
        text(), places.size(), torch::toString(images.scalar_type()),
        fmt::join(images.sizes(), ", ")));
  }
  const ImageShape shape{images.size(1), images.size(2), images.size(3)};
  torch::Tensor degraded = images.clone();
  std::uint8_t* const pixels = degraded.data_ptr<std::uint8_t>();
  const std::int64_t pixels_each = shape.channels * shape.height * shape.width;
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    const auto [kind, strength] = steps_[s];
    if (kind == Kind::kJpeg && shape.channels != 1 && shape.channels != 3) {
      throw std::invalid_argument(
          fmt::format("degradation '{}': jpeg knows one or three channels, the images have {}",
                      text(), shape.channels));
    }
    const Blur blur(kind == Kind::kBlur ? strength : 1);
    for (std::size_t k = 0; k < places.size(); ++k) {
      const std::span<std::uint8_t> image(pixels + static_cast<std::int64_t>(k) * pixels_each,
                                          static_cast<std::size_t>(pixels_each));
      switch (kind) {
        case Kind::kBlur:
          blur.apply(image, shape);
          break;
        case Kind::kNoise:
          add_noise(image, strength,
                    {seed, Stream::kDegrade, static_cast<std::uint32_t>(s),
                     static_cast<std::uint32_t>(places[k])});
          break;
        case Kind::kJpeg:
          compress_as_jpeg(image, shape, static_cast<int>(strength));
          break;
        case Kind::kLowResolution:
          reduce_resolution(image, shape, strength);
          break;
      }
    }
  }
  return degraded;
}

}  // namespace tandem
