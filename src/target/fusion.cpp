#include "tandem/target/fusion.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr std::string_view kCanonicalFusion = "canonical";
constexpr std::string_view kMeanPrefix = "mean:";

}  // namespace

Fusion Fusion::parse(std::string_view text) {
  Fusion fusion;
  if (text.starts_with(kMeanPrefix)) {
    const auto views = parse_number<decltype(fusion.views)>(text.substr(kMeanPrefix.size()));
    fusion.views = views.value_or(0);
  }
  if (fusion.views < 1 && text != kCanonicalFusion) {
    throw std::invalid_argument(
        fmt::format("target.fusion: expected canonical or mean:M with M >= 1, got '{}'", text));
  }
  return fusion;
}

std::string Fusion::text() const {
  return views == 0 ? std::string(kCanonicalFusion) : fmt::format("{}{}", kMeanPrefix, views);
}

}  // namespace tandem
