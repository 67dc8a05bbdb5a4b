#pragma once

#include <cstdint>
#include <string>

#include "tandem/record/record.h"

namespace tandem {

/// This build on this machine, now. `threads` as used by one trial, `command` as the user typed it.
Provenance current_provenance(std::int64_t threads, const std::string& command);

}  // namespace tandem
