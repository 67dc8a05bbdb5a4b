#pragma once

#include <string>

namespace tandem {

/// Says which processes share this one's view of the system: the same text for all of one boot of
/// one machine that see the same namespace of `kind` ("net", "pid"). Empty where the system does
/// not tell, as in a container without /proc: nobody is known to share it then.
std::string process_place(const char* kind);

}  // namespace tandem
