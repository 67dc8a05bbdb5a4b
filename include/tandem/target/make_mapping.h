#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "tandem/target/mapping.h"
#include "tandem/target/mapping_spec.h"
#include "tandem/target/projection.h"

namespace tandem {

/// The samples that a mapping gives targets to, and how their student sees them.
struct MappedSamples {
  Dataset dataset;
  ViewPolicy views;
  std::uint64_t seed = 0;  ///< of the canary's shuffle
};

/// Targets that stand ready, and which of them a view finds.
struct StoredTargets {
  TargetKeys keys;
  std::shared_ptr<const TargetRows> rows;
};

/// Where targets come from. Each is asked for what a mapping needs, and only then.
struct TargetSources {
  /// The teacher that answers for a mapping.
  std::function<std::shared_ptr<Teacher>(const MappingSpec&)> teacher;

  /// The targets that a mapping reads: of the store that it names, or of one labelled for it.
  std::function<StoredTargets(const MappingSpec&)> stored;

  /// What the features of a teacher that answers online are reduced to (see fit_projection), for
  /// sources that keep it; it is found anew for each mapping where this is left out.
  std::function<Projection(const MappingSpec&)> projection = {};
};

/// The mapping that `spec` says: a teacher online where each view has a target of its own, stored
/// targets where views share them or a store is named, the classes' own otherwise. Where views are
/// mixed and no teacher sees the mixtures, targets are mixed (see MixedMapping). Throws
/// std::invalid_argument for a source that is needed and absent, and what the sources throw.
std::unique_ptr<Mapping> make_mapping(const MappingSpec& spec, const MappedSamples& samples,
                                      const TargetSources& sources);

}  // namespace tandem
