#pragma once

#include <map>
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

/// Fingerprints of stores by their paths.
using StoreFingerprints = std::map<std::string, std::string>;

/// Reads it off data, teachers (whose files `sources` names) and stores as they are now; those that
/// are in `stores` were just read, and those that are opened are added.
TrialContent content_of(const TrialConfig& trial, const MappingPlan& mappings,
                        const TrialSources& sources, DataCache& data, StoreFingerprints& stores);

}  // namespace tandem
