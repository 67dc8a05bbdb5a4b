#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "tandem/learn/mapping_schedule.h"
#include "tandem/learn/trial_config.h"
#include "tandem/study/data_cache.h"

namespace tandem {

/// Where the mappings of a trial find their teachers and labelled targets.
struct TrialSources {
  /// Files of a teacher that a mapping names.
  std::function<TeacherRef(const TeacherRef&)> files;

  /// The store that was labelled for a mapping that needs one.
  std::function<std::filesystem::path(const MappingSpec&)> store;
};

/// Sources for make_mapping of the mappings of `trial` (resolved): teachers from `data`, stores
/// checked against the trial's samples and views. All of them must outlive the result.
TargetSources target_sources(const TrialConfig& trial, const TrialSources& sources,
                             DataCache& data);

/// The store that a mapping reads, named or labelled; nothing where it reads none.
std::optional<std::filesystem::path> store_of(const MappingSpec& mapping,
                                              const TrialSources& sources);

}  // namespace tandem
