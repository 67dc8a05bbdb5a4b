#include "augmentation_parsers.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <stdexcept>

namespace tandem {

void refuse(std::string_view syntax, std::string_view expected, std::string_view parameter) {
  throw std::invalid_argument(fmt::format("{}: expected {}, found parameter '{}'",
                                          syntax.substr(0, syntax.find(':')), expected, parameter));
}

std::vector<double> numbers_of(std::string_view syntax, std::string_view parameter,
                               std::size_t least, std::size_t most) {
  std::vector<double> numbers;
  std::string_view rest = parameter;
  for (bool more = !parameter.empty(); more;) {
    double number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    more = rest.starts_with('-');
    if (error != std::errc() || !std::isfinite(number) || !(more || rest.empty())) {
      refuse(syntax, syntax, parameter);
    }
    rest.remove_prefix(more ? 1 : 0);
    numbers.push_back(number);
  }
  if (numbers.size() < least || numbers.size() > most) {
    refuse(syntax, syntax, parameter);
  }
  return numbers;
}

}  // namespace tandem
