#include "study_mappings.h"

#include "tandem/label/student_store.h"

namespace tandem {

TargetSources target_sources(const TrialConfig& trial, const TrialSources& sources,
                             DataCache& data) {
  const auto teacher = [&trial, &sources, &data](const MappingSpec& mapping) {
    return data.teacher(sources.files(mapping.teacher), trial.data, trial.train.device);
  };
  const auto stored = [&trial, &sources, &data, teacher](const MappingSpec& mapping) {
    std::optional<Fingerprint> expected;
    if (!mapping.teacher.empty()) {
      expected = teacher(mapping)->fingerprint();
    }
    return open_targets(store_of(mapping, sources).value(), mapping, trial, data.splits(trial.data),
                        expected);
  };
  const auto projection = [&trial, &sources, &data](const MappingSpec& mapping) {
    return data
        .reduction(sources.files(mapping.teacher), trial.data, trial.train.device, mapping.pca)
        .projection;
  };
  return {.teacher = teacher, .stored = stored, .projection = projection};
}

std::optional<std::filesystem::path> store_of(const MappingSpec& mapping,
                                              const TrialSources& sources) {
  if (!mapping.store.empty()) {
    return std::filesystem::path(mapping.store);
  }
  return mapping.needs_labelling() ? std::optional(sources.store(mapping)) : std::nullopt;
}

}  // namespace tandem
