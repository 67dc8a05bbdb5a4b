#pragma once

#include <functional>
#include <string>

#include "study_mappings.h"
#include "tandem/learn/trial_config.h"
#include "tandem/record/trial_record.h"
#include "tandem/study/data_cache.h"
#include "tandem/study/identity.h"

namespace tandem {

/// What the names in a trial's config stand for: the same twice, for the record and for the id.
struct TrialContent {
  ContentRecord record;
  DataIdentity data;
  SourceIdentity sources;
};

/// Fingerprint of the store at a path.
using StoreFingerprint = std::function<std::string(const std::string& path)>;

/// Reads it off data, teachers (whose files `sources` names) and stores as they are now.
TrialContent content_of(const TrialConfig& trial, const MappingPlan& mappings,
                        const TrialSources& sources, const StoreFingerprint& fingerprint_of_store,
                        DataCache& data);

/// The same with stores that are opened for it.
TrialContent content_of(const TrialConfig& trial, const MappingPlan& mappings,
                        const TrialSources& sources, DataCache& data);

}  // namespace tandem
