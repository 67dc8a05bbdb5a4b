#include "tandem/view/view_policy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <string_view>
#include <utility>

namespace tandem {
namespace {

/// Version of the algorithms in docs/views.md; raised whenever a view's pixels change.
constexpr std::int64_t kViewsVersion = 1;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

ViewPolicy ViewPolicy::parse(const std::string& text) {
  ViewPolicy policy;
  std::string_view rest = trimmed(text);
  if (rest.empty() || rest == "none") {
    return policy;
  }
  for (bool more = true; more;) {
    const std::size_t comma = rest.find(',');
    more = comma != std::string_view::npos;
    std::shared_ptr<const Augmentation> next =
        parse_augmentation(std::string(trimmed(rest.substr(0, comma))));
    rest.remove_prefix(more ? comma + 1 : rest.size());
    for (const auto& earlier : policy.augmentations_) {
      if (earlier->part() == next->part()) {
        throw std::invalid_argument(fmt::format(
            "view policy '{}': expected one augmentation per part of a view, found {} and {}", text,
            earlier->text(), next->text()));
      }
    }
    policy.augmentations_.push_back(std::move(next));
  }
  return policy;
}

View ViewPolicy::draw(const ViewKey& key, const ImageShape& shape) const {
  View view = canonical_view(shape);
  for (const auto& augmentation : augmentations_) {
    augmentation->draw(key, shape, view);
  }
  return view;
}

std::string ViewPolicy::text() const {
  std::vector<std::string> texts;
  for (const auto& augmentation : augmentations_) {
    texts.push_back(augmentation->text());
  }
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ","));
}

Fingerprint ViewPolicy::fingerprint() const {
  return Fingerprinter().text("views").number(kViewsVersion).text(text()).digest();
}

View canonical_view(const ImageShape& shape) {
  return {{0, 0, static_cast<std::int32_t>(shape.width), static_cast<std::int32_t>(shape.height)},
          false};
}

}  // namespace tandem
