#pragma once

#include "tandem/core/registry.h"
#include "tandem/dataset/catalog.h"

namespace tandem {

/// What is known of a data set, and its reader.
struct KnownDataset {
  DatasetInfo info;
  DatasetLoader load;
};

/// Those that come with Tandem, of which each is one entry there, and what was added.
Registry<KnownDataset>& known_datasets();

}  // namespace tandem
