#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

namespace tandem {

/// "name:parameter" in its two parts. What follows the first colon is the parameter, further colons
/// included; there is none without a colon, and an empty one after a colon that ends the text.
struct NamedParameter {
  std::string_view name;
  std::optional<std::string_view> parameter;
};

/// The parts are views into `text`.
NamedParameter split_parameter(std::string_view text);

/// The parts of "a,b,c" as views into `text`, blanks and empty parts included; there is one at
/// least.
std::vector<std::string_view> split_list(std::string_view text);

/// `text` without the blanks and tabs at either end.
std::string_view trimmed(std::string_view text);

/// Integers or floating-point numbers, as std::from_chars reads them: in decimal, without blanks or
/// a leading plus, whatever the locale.
template <typename Number>
concept ParsedNumber = std::floating_point<Number> ||
    (std::integral<Number> && !std::same_as<Number, bool>);

/// Reads a number off the front of `text` and removes it there. Nothing, and `text` as it was,
/// where none stands there, and for one out of range or not finite.
template <ParsedNumber Number>
std::optional<Number> take_number(std::string_view& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) {
    return std::nullopt;
  }
  if constexpr (std::is_floating_point_v<Number>) {
    if (!std::isfinite(number)) {
      return std::nullopt;
    }
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// The number that `text` is, from its first character to its last.
template <ParsedNumber Number>
std::optional<Number> parse_number(std::string_view text) {
  const std::optional<Number> number = take_number<Number>(text);
  return text.empty() ? number : std::nullopt;
}

/// Numbers joined by `separator`, "0.1-2"; one at least. A sign belongs to its number even where
/// the separator looks like it: "1e-5-0.5" is two numbers, "1--2" are 1 and -2.
template <ParsedNumber Number = double>
std::optional<std::vector<Number>> parse_numbers(std::string_view text, char separator) {
  std::vector<Number> numbers;
  for (bool more = true; more;) {
    const std::optional<Number> number = take_number<Number>(text);
    more = text.starts_with(separator);
    if (!number || !(more || text.empty())) {
      return std::nullopt;
    }
    text.remove_prefix(more ? 1 : 0);
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace tandem
