#pragma once

#include <filesystem>
#include <string>

#include "tandem/core/config.h"
#include "tandem/sample/data_config.h"

namespace tandem {

/// Which samples' soft labels become a store, and at which temperature they were taken.
struct ImportConfig {
  DataConfig data;
  double temperature = 1;

  void visit(ConfigVisitor& visitor);
};

/// Writes the soft labels of the file data.samples as a store of granularity `sample` and content
/// `probs`, one row for each sample that `config.data` learns from. `target.store` then trains from
/// it. Returns words on what became of the images (see conversion_text). Throws
/// std::invalid_argument where data.samples is not a file or the temperature is not positive, and
/// std::runtime_error where it holds no soft labels.
std::string import_store(const ImportConfig& config, const std::filesystem::path& store);

}  // namespace tandem
