#include "tandem/view/view_policy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <string_view>
#include <utility>

#include "mixing.h"
#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

/// Version of the algorithms in docs/views.md; raised whenever a view's pixels change.
constexpr std::int64_t kViewsVersion = 1;

/// Throws where `later` must not follow `earlier` in the policy `text`.
void check_order(const std::string& text, const Augmentation& earlier, const Augmentation& later) {
  const bool operation = later.part() == Augmentation::Part::kOperations;
  const std::string first = earlier.text(), second = later.text();
  const bool same_name = split_parameter(first).name == split_parameter(second).name;
  if (earlier.part() == later.part() && (!operation || same_name)) {
    throw std::invalid_argument(
        fmt::format("view policy '{}': expected one augmentation per part of a view, found {} and "
                    "{}",
                    text, first, second));
  }
  if (earlier.part() == Augmentation::Part::kOperations && !operation) {
    throw std::invalid_argument(
        fmt::format("view policy '{}': expected crop and flip before all else, found {} after {}",
                    text, second, first));
  }
}

}  // namespace

ViewPolicy ViewPolicy::parse(const std::string& text) {
  ViewPolicy policy;
  Mixing mixing;
  if (trimmed(text).empty() || trimmed(text) == "none") {
    return policy;
  }
  for (const std::string_view part : split_list(text)) {
    const std::string next(trimmed(part));
    if (Mixing::is_mixing(next)) {
      mixing.add(next);
      continue;
    }
    if (!mixing.none()) {
      throw std::invalid_argument(fmt::format(
          "view policy '{}': expected mixing to come last, found {} after it", text, next));
    }
    std::shared_ptr<const Augmentation> augmentation = parse_augmentation(next);
    for (const auto& earlier : policy.augmentations_) {
      check_order(text, *earlier, *augmentation);
    }
    policy.augmentations_.push_back(std::move(augmentation));
  }
  if (!mixing.none()) {
    policy.mixing_ = std::make_shared<const Mixing>(mixing);
  }
  return policy;
}

View ViewPolicy::draw_unmixed(const ViewKey& key, const ImageShape& shape) const {
  View view = canonical_view(shape);
  for (const auto& augmentation : augmentations_) {
    augmentation->draw(key, shape, view);
  }
  return view;
}

View ViewPolicy::draw(const ViewKey& key, const ImageShape& shape, std::int64_t samples) const {
  View view = draw_unmixed(key, shape);
  if (mixes() && key.epoch < kFusionEpoch) {
    const auto [partner, share, patch] = mixing_->draw(key, shape, samples);
    view.mixture = std::make_shared<const Mixture>(
        Mixture{partner, draw_unmixed({key.seed, key.epoch, partner}, shape), share, patch});
  }
  return view;
}

View ViewPolicy::draw(const ViewKey& key, const Dataset& dataset) const {
  return draw(key, dataset.image_shape(), dataset.size());
}

bool ViewPolicy::mixes_like(const ViewPolicy& other) const {
  return mixes() && other.mixes() ? *mixing_ == *other.mixing_ : mixes() == other.mixes();
}

ViewPolicy ViewPolicy::unmixed() const {
  ViewPolicy policy = *this;
  policy.mixing_ = nullptr;
  return policy;
}

std::string ViewPolicy::text() const {
  std::vector<std::string> texts;
  for (const auto& augmentation : augmentations_) {
    texts.push_back(augmentation->text());
  }
  if (mixes()) {
    texts.push_back(mixing_->text());
  }
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ","));
}

Fingerprint ViewPolicy::fingerprint() const {
  return Fingerprinter().text("views").number(kViewsVersion).text(text()).digest();
}

View canonical_view(const ImageShape& shape) {
  return {.crop = {0, 0, static_cast<std::int32_t>(shape.width),
                   static_cast<std::int32_t>(shape.height)}};
}

}  // namespace tandem
