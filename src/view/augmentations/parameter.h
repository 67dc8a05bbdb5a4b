#pragma once

#include <string_view>
#include <vector>

#include "augmentations/entries.h"

namespace tandem {

/// Throws std::invalid_argument that says what was expected of the entry's parameter.
[[noreturn]] void refuse(const AugmentationEntry& entry, std::string_view expected,
                         std::string_view parameter);

// Numbers joined by '-'. These throw std::invalid_argument that shows the entry's syntax where they
// find something else.
double number_of(const AugmentationEntry& entry, std::string_view parameter);
std::vector<double> numbers_of(const AugmentationEntry& entry, std::string_view parameter,
                               std::size_t count);

/// One number at least.
std::vector<double> numbers_up_to(const AugmentationEntry& entry, std::string_view parameter,
                                  std::size_t most);

}  // namespace tandem
