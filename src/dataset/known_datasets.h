#pragma once

#include <functional>
#include <string>

#include "tandem/core/registry.h"
#include "tandem/dataset/catalog.h"

namespace tandem {

/// A data set that comes with Tandem: what is known of it, and its reader.
struct KnownDataset {
  DatasetInfo info;
  /// `name` is "<data set>/<split>", `options.folder` is never empty, and `options.size` is
  /// positive where info.of_pictures. Null: cannot be read yet.
  std::function<Dataset(std::string name, Split, const LoadOptions& options)> load;
};

/// All of them. A new data set is one entry there.
const Registry<KnownDataset>& known_datasets();

}  // namespace tandem
