#pragma once

#include <string>

#include "tandem/model/model.h"
#include "tandem/study/record.h"

namespace tandem {

/// "convnet3 width 16, 10,000 parameters".
std::string describe(const ModelConfig& config, const Model& model);

/// This build on this machine, now. `threads` as used by one trial, `command` as the user typed it.
Provenance current_provenance(std::int64_t threads, const std::string& command);

}  // namespace tandem
