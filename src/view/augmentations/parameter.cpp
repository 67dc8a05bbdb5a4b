#include "augmentations/parameter.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/parameter_text.h"

namespace tandem {

void refuse(const AugmentationEntry& entry, std::string_view expected, std::string_view parameter) {
  throw std::invalid_argument(
      fmt::format("{}: expected {}, found parameter '{}'", entry.name, expected, parameter));
}

std::vector<double> numbers_up_to(const AugmentationEntry& entry, std::string_view parameter,
                                  std::size_t most) {
  const auto numbers = parse_numbers(parameter, '-');
  if (!numbers || numbers->size() > most) {
    refuse(entry, entry.syntax, parameter);
  }
  return *numbers;
}

std::vector<double> numbers_of(const AugmentationEntry& entry, std::string_view parameter,
                               std::size_t count) {
  std::vector<double> numbers = numbers_up_to(entry, parameter, count);
  if (numbers.size() < count) {
    refuse(entry, entry.syntax, parameter);
  }
  return numbers;
}

double number_of(const AugmentationEntry& entry, std::string_view parameter) {
  return numbers_of(entry, parameter, 1)[0];
}

}  // namespace tandem
