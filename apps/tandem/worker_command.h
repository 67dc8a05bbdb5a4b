#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "commands.h"

namespace tandem {

/// Command that starts a worker: this program with `words`, and who its parent is.
std::vector<std::string> worker_command(const Invocation& invocation,
                                        const std::vector<std::string>& words);

/// In a worker: has it end with its parent. Throws Interrupted where that has ended already.
void end_with_parent(pid_t parent);

}  // namespace tandem
