#include "tandem/target/content.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <vector>

namespace tandem {
Content parse_content(std::string_view text) {
  std::vector<std::string_view> known;
  for (int value = 0; value <= static_cast<int>(Content::kLast); ++value) {
    const auto content = static_cast<Content>(value);
    if (text_of(content) == text) {
      return content;
    }
    known.push_back(text_of(content));
  }
  throw std::invalid_argument(
      fmt::format("unknown content '{}'; known: {}", text, fmt::join(known, ", ")));
}

std::string_view text_of(Content content) {
  switch (content) {
    case Content::kOneHot:
      return "one-hot";
    case Content::kSmoothed:
      return "smoothed";
    case Content::kProbs:
      return "probs";
    case Content::kLogits:
      return "logits";
    case Content::kFeatures:
      return "features";
  }
  throw std::invalid_argument("text_of: unknown content");
}

bool is_distribution(Content content) {
  switch (content) {
    case Content::kOneHot:
    case Content::kSmoothed:
    case Content::kProbs:
      return true;
    case Content::kLogits:
    case Content::kFeatures:
      return false;
  }
  throw std::invalid_argument("is_distribution: unknown content");
}

bool needs_teacher(Content content) {
  switch (content) {
    case Content::kOneHot:
    case Content::kSmoothed:
      return false;
    case Content::kProbs:
    case Content::kLogits:
    case Content::kFeatures:
      return true;
  }
  throw std::invalid_argument("needs_teacher: unknown content");
}

}  // namespace tandem
