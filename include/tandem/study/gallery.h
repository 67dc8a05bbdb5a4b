#pragma once

#include <filesystem>

#include "tandem/record/record.h"
#include "tandem/sample/splits.h"
#include "tandem/study/study_config.h"
#include "tandem/target/mapping.h"

namespace tandem {

/// A sample of each of the first few classes, its first views (as many as every mapping has targets
/// for) under the study's first seed, and
/// what each mapping (by cell name, in the order of the cells) gives the student for each view.
/// Cells whose targets are not one number per class (features) are left out; logits are shown as
/// softmax.
Gallery make_gallery(const Splits& splits, const TrialConfig& base,
                     const std::vector<std::pair<std::string, Mapping*>>& mappings);

void write_gallery(const std::filesystem::path& path, const Gallery& gallery);

/// Throws std::runtime_error that names the path.
Gallery read_gallery(const std::filesystem::path& path);

}  // namespace tandem
