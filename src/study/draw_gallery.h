#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tandem/learn/trial_config.h"
#include "tandem/record/gallery.h"
#include "tandem/sample/splits.h"
#include "tandem/target/mapping.h"

namespace tandem {

/// A sample of each of the first few classes, its first views (as many as every mapping has targets
/// for) under the seed of `base`, and what each mapping (by cell name, in the order of the cells)
/// gives the student for each view. Cells whose targets are not one number per class (features) are
/// left out; logits are shown as softmax.
Gallery draw_gallery(const Splits& splits, const TrialConfig& base,
                     const std::vector<std::pair<std::string, Mapping*>>& mappings);

}  // namespace tandem
