#include "tandem/target/target_config.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {
namespace {

/// What a teacher is asked, apart from granularity.
void resolve_content(const TargetConfig& config, MappingSpec& spec) {
  if (spec.content == Content::kProbs) {
    const bool is_default = config.temperature == TargetConfig().temperature;
    if (!is_default && !(config.temperature > 0)) {
      throw std::invalid_argument(
          fmt::format("target.temperature: expected a number > 0, got {}", config.temperature));
    }
    spec.temperature = is_default ? 1 : config.temperature;
  }
  if (spec.content == Content::kSmoothed) {
    if (!(config.smoothing >= 0 && config.smoothing <= 1)) {
      throw std::invalid_argument(
          fmt::format("target.smoothing: expected a number in 0..1, got {}", config.smoothing));
    }
    spec.smoothing = config.smoothing;
  }
  if (spec.content == Content::kFeatures) {
    if (config.pca < 0) {
      throw std::invalid_argument(fmt::format(
          "target.pca: expected the number of components, or 0 for all, got {}", config.pca));
    }
    spec.pca = config.pca;
  }
}

/// Which views the teacher sees. Blank keys are those of an earlier mapping, for which they did not
/// apply: they stand for their defaults.
void resolve_views(const TargetConfig& config, MappingSpec& spec) {
  const std::string views =
      config.teacher_views.empty() ? TargetConfig().teacher_views : config.teacher_views;
  const Fusion fusion = config.fusion.empty() ? Fusion{} : Fusion::parse(config.fusion);
  if (spec.granularity.per_view()) {
    spec.teacher_views = TeacherViews::parse(views);
    return;
  }
  const TeacherViews seen = TeacherViews::parse(views);
  if (fusion.views == 0 || seen.kind == TeacherViews::Kind::kCanonical) {
    spec.fusion = Fusion{};
  } else {
    spec.fusion = fusion;
    spec.teacher_views = seen;
  }
}

EnsembleMean ensemble_mean_of(const TargetConfig& config) {
  return config.ensemble.empty() ? EnsembleMean::kProbs : parse_ensemble_mean(config.ensemble);
}

void resolve_teacher(const TargetConfig& config, MappingSpec& spec) {
  spec.teacher = TeacherRef::parse(config.teacher);
  if (spec.teacher.is_ensemble()) {
    spec.teacher.mean = ensemble_mean_of(config);
  }
  if (spec.teacher.empty() && config.store.empty()) {
    throw std::invalid_argument(fmt::format(
        "target.content = '{}' needs a teacher or a store: set target.teacher to a rung of the "
        "ladder or to the path of a checkpoint, or target.store to what `tandem label` wrote",
        text_of(spec.content)));
  }
  spec.store = config.store;
}

/// Hard targets: of each class its own, which no teacher and no store has to say.
void check_hard(const TargetConfig& config, const MappingSpec& spec) {
  if (spec.granularity.kind != Granularity::Kind::kClass) {
    throw std::invalid_argument(
        fmt::format("target.granularity = '{}' with content '{}' would give every sample its "
                    "class's target; say granularity = 'class'",
                    spec.granularity.text(), text_of(spec.content)));
  }
  if (!config.store.empty()) {
    throw std::invalid_argument(
        fmt::format("target.store = '{}' holds a teacher's targets; content '{}' has no use for it",
                    config.store, text_of(spec.content)));
  }
}

}  // namespace

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

MappingSpec resolve_mapping(const TargetConfig& config) {
  MappingSpec spec;
  if (!config.granularity.empty()) {
    spec.granularity = Granularity::parse(config.granularity);
  }
  if (!config.content.empty()) {
    spec.content = parse_content(config.content);
  }
  resolve_content(config, spec);
  if (needs_teacher(spec.content)) {
    resolve_teacher(config, spec);
    resolve_views(config, spec);
  } else {
    check_hard(config, spec);
  }
  spec.shuffle = config.shuffle;
  if (spec.shuffle && spec.granularity.per_view() && spec.store.empty()) {
    throw std::invalid_argument(
        fmt::format("target.shuffle shuffles stored targets; for granularity '{}' the teacher "
                    "answers online, so name a target.store",
                    spec.granularity.text()));
  }
  return spec;
}

TargetConfig config_of(const MappingSpec& spec) {
  TargetConfig config;
  config.granularity = spec.granularity.text();
  config.content = text_of(spec.content);
  config.fusion = spec.fusion ? spec.fusion->text() : "";
  config.temperature = spec.temperature_or_one();
  config.smoothing = spec.smoothing;
  config.pca = spec.pca;
  config.teacher = spec.teacher.text();
  config.ensemble = spec.teacher.is_ensemble() ? text_of(spec.teacher.mean) : "";
  config.teacher_views = spec.teacher_views ? spec.teacher_views->text() : "";
  config.store = spec.store;
  config.shuffle = spec.shuffle;
  return config;
}

}  // namespace tandem
