#include "tandem/target/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "tandem/target/switch_rule.h"

namespace tandem {
namespace {

template <typename Value, std::size_t count>
using Names = std::array<std::pair<Value, std::string_view>, count>;

constexpr Names<Granularity, 3> kGranularities{{{Granularity::kClass, "class"},
                                                {Granularity::kSample, "sample"},
                                                {Granularity::kView, "view"}}};

constexpr Names<Content, 5> kContents{{{Content::kOneHot, "one-hot"},
                                       {Content::kSmoothed, "smoothed"},
                                       {Content::kProbs, "probs"},
                                       {Content::kLogits, "logits"},
                                       {Content::kFeatures, "features"}}};

template <typename Value, std::size_t count>
Value parse(const Names<Value, count>& names, std::string_view kind, std::string_view text) {
  std::vector<std::string_view> known;
  for (const auto& [value, name] : names) {
    if (name == text) {
      return value;
    }
    known.push_back(name);
  }
  throw std::invalid_argument(
      fmt::format("unknown {} '{}'; known: {}", kind, text, fmt::join(known, ", ")));
}

template <typename Value, std::size_t count>
std::string_view name_of(const Names<Value, count>& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) {
      return name;
    }
  }
  return "?";
}

}  // namespace

Granularity parse_granularity(std::string_view text) {
  return parse(kGranularities, "granularity", text);
}
Content parse_content(std::string_view text) {
  return parse(kContents, "content", text);
}
std::string_view text_of(Granularity granularity) {
  return name_of(kGranularities, granularity);
}
std::string_view text_of(Content content) {
  return name_of(kContents, content);
}

bool needs_teacher(Content content) {
  return content == Content::kProbs || content == Content::kLogits || content == Content::kFeatures;
}

void TargetConfig::visit(ConfigVisitor& visitor) {
  visit_mapping(visitor);
  visitor.field("switch", switches);
}

void TargetConfig::visit_mapping(ConfigVisitor& visitor) {
  visitor.field("granularity", granularity);
  visitor.field("content", content);
  visitor.field("fusion", fusion);
  visitor.field("temperature", temperature);
  visitor.field("smoothing", smoothing);
  visitor.field("teacher", teacher);
  visitor.field("shuffle", shuffle);
}

std::int64_t fusion_views(std::string_view fusion) {
  if (fusion == "canonical") {
    return 0;
  }
  constexpr std::string_view kPrefix = "mean:";
  std::int64_t views = 0;
  if (fusion.starts_with(kPrefix)) {
    const char* end = fusion.data() + fusion.size();
    const auto [rest, error] = std::from_chars(fusion.data() + kPrefix.size(), end, views);
    if (error != std::errc() || rest != end) {
      views = 0;
    }
  }
  if (views < 1) {
    throw std::invalid_argument(
        fmt::format("target.fusion: expected canonical or mean:M with M >= 1, got '{}'", fusion));
  }
  return views;
}

TargetConfig resolve(TargetConfig config) {
  if (!config.switches.empty()) {
    return resolve_switches(config);
  }
  const Granularity granularity = parse_granularity(config.granularity);
  const Content content = parse_content(config.content);
  if (needs_teacher(content)) {
    if (config.teacher.empty()) {
      throw std::invalid_argument(fmt::format(
          "target.content = '{}' needs a teacher: set target.teacher to a rung of the ladder or to "
          "the path of a checkpoint",
          config.content));
    }
  } else if (granularity != Granularity::kClass) {
    throw std::invalid_argument(
        fmt::format("target.granularity = '{}' with content '{}' would give every sample its "
                    "class's target; say granularity = 'class'",
                    config.granularity, config.content));
  } else {
    config.teacher.clear();
  }
  if (config.shuffle && granularity == Granularity::kView) {
    throw std::invalid_argument(
        "target.shuffle shuffles a table of targets; granularity 'view' has none");
  }
  if (config.teacher.empty() || granularity == Granularity::kView) {
    config.fusion.clear();
  } else if (config.fusion.empty()) {
    config.fusion = "canonical";  // blanked by an earlier mapping, for which it did not apply
  } else {
    fusion_views(config.fusion);
  }
  if (content != Content::kProbs) {
    config.temperature = 1;
  } else if (!(config.temperature > 0)) {
    throw std::invalid_argument(
        fmt::format("target.temperature: expected a number > 0, got {}", config.temperature));
  }
  if (content != Content::kSmoothed) {
    config.smoothing = 0;
  } else if (!(config.smoothing >= 0 && config.smoothing <= 1)) {
    throw std::invalid_argument(
        fmt::format("target.smoothing: expected a number in 0..1, got {}", config.smoothing));
  }
  return config;
}

}  // namespace tandem
