#include "tandem/target/make_mapping.h"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <utility>

#include "reduced_teacher.h"

namespace tandem {
namespace {

/// Whether views are mixed and no teacher sees the mixtures, so that targets are mixed.
bool mixes_targets(const MappingSpec& spec, const ViewPolicy& views) {
  const bool per_view = needs_teacher(spec.content) && spec.granularity.per_view();
  return views.mixes() && !(per_view && teacher_policy(spec, views).mixes());
}

template <typename Source>
auto ask(const Source& source, const MappingSpec& spec, const char* what) {
  if (!source) {
    throw std::invalid_argument(fmt::format("make_mapping: {} {} needs {}, and there is no source",
                                            spec.granularity.text(), text_of(spec.content), what));
  }
  return source(spec);
}

/// The teacher as the mapping hears it: its features reduced where the mapping says so.
std::shared_ptr<Teacher> heard(const MappingSpec& spec, const MappedSamples& samples,
                               const TargetSources& sources) {
  std::shared_ptr<Teacher> teacher = ask(sources.teacher, spec, "a teacher");
  if (spec.pca == 0) {
    return teacher;
  }
  Projection projection = sources.projection ? sources.projection(spec)
                                             : fit_projection(*teacher, samples.dataset, spec.pca);
  return std::make_shared<ReducedTeacher>(std::move(teacher), std::move(projection));
}

std::unique_ptr<Mapping> online_mapping(const MappingSpec& spec, const MappedSamples& samples,
                                        std::shared_ptr<Teacher> teacher) {
  const bool same = spec.teacher_views && spec.teacher_views->kind == TeacherViews::Kind::kSame;
  if (same) {
    return std::make_unique<OnlineMapping>(spec.content, std::move(teacher),
                                           spec.temperature_or_one());
  }
  return std::make_unique<OnlineMapping>(spec.content, std::move(teacher),
                                         spec.temperature_or_one(), samples.dataset,
                                         teacher_policy(spec, samples.views));
}

std::unique_ptr<Mapping> stored_mapping(const MappingSpec& spec, const MappedSamples& samples,
                                        StoredTargets stored) {
  TargetKeys keys = spec.shuffle ? stored.keys.shuffled(samples.seed) : std::move(stored.keys);
  return std::make_unique<StoredMapping>(std::move(keys), std::move(stored.rows), spec.content,
                                         spec.temperature_or_one());
}

std::unique_ptr<Mapping> unmixed_mapping(const MappingSpec& spec, const MappedSamples& samples,
                                         const TargetSources& sources) {
  const std::int64_t classes = samples.dataset.class_count();
  if (spec.is_online()) {
    return online_mapping(spec, samples, heard(spec, samples, sources));
  }
  if (needs_teacher(spec.content)) {
    return stored_mapping(spec, samples, ask(sources.stored, spec, "stored targets"));
  }
  return stored_mapping(spec, samples,
                        {TargetKeys::per_class(classes),
                         std::make_shared<TensorRows>(class_targets(classes, spec.smoothing))});
}

}  // namespace

std::unique_ptr<Mapping> make_mapping(const MappingSpec& spec, const MappedSamples& samples,
                                      const TargetSources& sources) {
  std::unique_ptr<Mapping> mapping = unmixed_mapping(spec, samples, sources);
  if (mixes_targets(spec, samples.views)) {
    mapping = std::make_unique<MixedMapping>(std::move(mapping));
  }
  return mapping;
}

}  // namespace tandem
