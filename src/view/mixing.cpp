#include "mixing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr double kMinAlpha = 0.05, kMaxAlpha = 4;

/// Beta(alpha, alpha) by Jöhnk's method: exact, and quick for the small alphas that are in use.
double draw_beta(RandomStream& random, double alpha) {
  constexpr double kHalfStep = 1.0 / (1ull << 33);  // keeps the draws off zero
  for (;;) {
    const double x = std::pow(random.uniform() + kHalfStep, 1 / alpha);
    const double y = std::pow(random.uniform() + kHalfStep, 1 / alpha);
    if (x + y <= 1) {
      return x / (x + y);
    }
  }
}

/// A box of 1 - share of the image's area around a uniform place, cut off at the border.
Box draw_patch(RandomStream& random, const ImageShape& shape, double share) {
  const double half = 0.5 * std::sqrt(1 - share);
  const auto side = [&](std::int64_t size) {
    const auto extent = static_cast<std::int64_t>(half * static_cast<double>(size));
    const std::int64_t centre = random.below(static_cast<std::uint32_t>(size));
    const std::int64_t first = std::max<std::int64_t>(centre - extent, 0);
    return std::pair{static_cast<std::int32_t>(first),
                     static_cast<std::int32_t>(std::min(centre + extent, size) - first)};
  };
  const auto [left, width] = side(shape.width);
  const auto [top, height] = side(shape.height);
  return {left, top, width, height};
}

}  // namespace

bool Mixing::is_mixing(const std::string& text) {
  const std::string_view name = split_parameter(text).name;
  return name == "mixup" || name == "cutmix";
}

void Mixing::add(const std::string& text) {
  const auto [name, parameter] = split_parameter(text);
  const std::optional<double> alpha = parameter ? parse_number<double>(*parameter) : 1;
  if (!alpha) {
    throw std::invalid_argument(
        fmt::format("{0}: expected {0}:ALPHA, found parameter '{1}'", name, *parameter));
  }
  if (!(*alpha >= kMinAlpha && *alpha <= kMaxAlpha)) {
    throw std::invalid_argument(
        fmt::format("{}: expected ALPHA in {}..{}, found {}", name, kMinAlpha, kMaxAlpha, *alpha));
  }
  std::optional<double>& way = name == "mixup" ? mixup_ : cutmix_;
  if (way) {
    throw std::invalid_argument(fmt::format("expected one {}, found two", name));
  }
  way = alpha;
}

Mixing::Draw Mixing::draw(const ViewKey& key, const ImageShape& shape, std::int64_t samples) const {
  RandomStream random(key.stream(Stream::kMix));
  const bool cuts = cutmix_ && (!mixup_ || random.below(2) == 1);
  Draw draw;
  draw.partner = random.below(static_cast<std::uint32_t>(samples));
  const double share = draw_beta(random, cuts ? *cutmix_ : *mixup_);
  if (cuts) {
    const Box patch = draw_patch(random, shape, share);
    const std::int64_t area = std::int64_t{patch.width} * patch.height;
    draw.share = 1 - static_cast<double>(area) / static_cast<double>(shape.width * shape.height);
    draw.patch = patch;
  } else {
    draw.share = std::floor(share * 256 + 0.5) / 256;
  }
  return draw;
}

std::string Mixing::text() const {
  const std::string mixup = mixup_ ? fmt::format("mixup:{}", *mixup_) : "";
  const std::string cutmix = cutmix_ ? fmt::format("cutmix:{}", *cutmix_) : "";
  return mixup + (mixup_ && cutmix_ ? "," : "") + cutmix;
}

}  // namespace tandem
