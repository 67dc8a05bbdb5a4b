#include "tandem/target/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "tandem/target/switch_rule.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

template <typename Value, std::size_t count>
using Names = std::array<std::pair<Value, std::string_view>, count>;

constexpr Names<Granularity, 5> kGranularities{{{Granularity::kClass, "class"},
                                                {Granularity::kCluster, "cluster"},
                                                {Granularity::kSample, "sample"},
                                                {Granularity::kPool, "pool"},
                                                {Granularity::kView, "view"}}};

/// Granularities that carry a count: "cluster:8".
bool is_counted(Granularity granularity) {
  return granularity == Granularity::kCluster || granularity == Granularity::kPool;
}

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

/// Number >= 1 after the colon of "name:N", 0 if there is none.
std::int64_t count_after_colon(std::string_view text) {
  const std::size_t colon = text.find(':');
  std::int64_t count = 0;
  if (colon != std::string_view::npos) {
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, count);
    if (error != std::errc() || rest != end) {
      count = 0;
    }
  }
  return std::max<std::int64_t>(count, 0);
}

/// What a teacher is asked, apart from granularity: blanks the keys that do not apply.
void resolve_content(TargetConfig& config, Content content) {
  if (content != Content::kProbs || config.temperature == TargetConfig().temperature) {
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
  if (content != Content::kFeatures) {
    config.pca = 0;
  } else if (config.pca < 0) {
    throw std::invalid_argument(fmt::format(
        "target.pca: expected the number of components, or 0 for all, got {}", config.pca));
  }
}

/// Which views the teacher sees. Blank keys are those of an earlier mapping, for which they did not
/// apply: they stand for their defaults.
void resolve_views(TargetConfig& config, Granularity granularity) {
  const TargetConfig defaults;
  if (config.fusion.empty()) {
    config.fusion = "canonical";
  }
  if (config.teacher_views.empty()) {
    config.teacher_views = defaults.teacher_views;
  }
  if (is_per_view(granularity)) {
    config.fusion.clear();
  } else if (fusion_views(config.fusion) == 0 || config.teacher_views == "canonical") {
    config.fusion = "canonical";
    config.teacher_views.clear();
  }
}

void resolve_ensemble(TargetConfig& config) {
  if (config.teacher.find('+') == std::string::npos) {
    config.ensemble.clear();
  } else if (config.ensemble.empty()) {
    config.ensemble = TargetConfig().ensemble;
  } else if (config.ensemble != "probs" && config.ensemble != "logits") {
    throw std::invalid_argument(
        fmt::format("target.ensemble: expected probs or logits, got '{}'", config.ensemble));
  }
}

}  // namespace

Granularity parse_granularity(std::string_view text) {
  const Granularity granularity =
      parse(kGranularities, "granularity", text.substr(0, text.find(':')));
  if (is_counted(granularity) != (count_after_colon(text) > 0)) {
    throw std::invalid_argument(fmt::format(
        "granularity '{}': expected {}", text,
        is_counted(granularity) ? fmt::format("a count, e.g. {}:4", text_of(granularity))
                                : std::string(text_of(granularity))));
  }
  return granularity;
}

std::int64_t granularity_count(std::string_view text) {
  return is_counted(parse_granularity(text)) ? count_after_colon(text) : 0;
}

bool is_per_view(Granularity granularity) {
  return granularity == Granularity::kPool || granularity == Granularity::kView;
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
  visitor.field("pca", pca);
  visitor.field("teacher", teacher);
  visitor.field("ensemble", ensemble);
  visitor.field("teacher_views", teacher_views);
  visitor.field("store", store);
  visitor.field("shuffle", shuffle);
}

std::int64_t fusion_views(std::string_view fusion) {
  const std::int64_t views = fusion.starts_with("mean:") ? count_after_colon(fusion) : 0;
  if (views < 1 && fusion != "canonical") {
    throw std::invalid_argument(
        fmt::format("target.fusion: expected canonical or mean:M with M >= 1, got '{}'", fusion));
  }
  return views;
}

std::string teacher_policy(const TargetConfig& config, const std::string& student) {
  const std::string text = config.teacher_views == "same" ? student
                           : config.teacher_views == "canonical" || config.fusion == "canonical"
                               ? "none"
                               : config.teacher_views;
  const ViewPolicy policy = ViewPolicy::parse(text);
  if (policy.mixes() && policy.mixing() != ViewPolicy::parse(student).mixing()) {
    throw std::invalid_argument(fmt::format(
        "target.teacher_views = '{}' mixes samples otherwise than the student's views, '{}': mix "
        "both alike, or the student's alone",
        text, student));
  }
  return is_per_view(parse_granularity(config.granularity)) ? text : policy.unmixed().text();
}

TargetConfig resolve(TargetConfig config) {
  if (!config.switches.empty()) {
    return resolve_switches(config);
  }
  if (config.granularity.empty()) {
    config.granularity = text_of(Granularity::kClass);
  }
  if (config.content.empty()) {
    config.content = text_of(Content::kOneHot);
  }
  const Granularity granularity = parse_granularity(config.granularity);
  const Content content = parse_content(config.content);
  resolve_content(config, content);
  if (!needs_teacher(content)) {
    if (granularity != Granularity::kClass) {
      throw std::invalid_argument(
          fmt::format("target.granularity = '{}' with content '{}' would give every sample its "
                      "class's target; say granularity = 'class'",
                      config.granularity, config.content));
    }
    if (!config.store.empty()) {
      throw std::invalid_argument(fmt::format(
          "target.store = '{}' holds a teacher's targets; content '{}' has no use for it",
          config.store, config.content));
    }
    config.teacher.clear();
    config.fusion.clear();
    config.teacher_views.clear();
  } else {
    if (config.teacher.empty() && config.store.empty()) {
      throw std::invalid_argument(fmt::format(
          "target.content = '{}' needs a teacher or a store: set target.teacher to a rung of the "
          "ladder or to the path of a checkpoint, or target.store to what `tandem label` wrote",
          config.content));
    }
    resolve_views(config, granularity);
  }
  if (config.shuffle && is_per_view(granularity) && config.store.empty()) {
    throw std::invalid_argument(
        fmt::format("target.shuffle shuffles stored targets; for granularity '{}' the teacher "
                    "answers online, so name a target.store",
                    config.granularity));
  }
  resolve_ensemble(config);
  return config;
}

}  // namespace tandem
