#pragma once

#include <cstdint>
#include <string>

namespace tandem {

/// "12,345".
std::string grouped(std::int64_t number);

}  // namespace tandem
