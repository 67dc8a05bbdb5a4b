#pragma once

#include <string>

namespace tandem {

/// Says which processes share this one's view of the system: the same text for all of one boot of
/// one machine that see the same namespace of `kind` ("net", "pid").
std::string process_place(const char* kind);

}  // namespace tandem
