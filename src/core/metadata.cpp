#include "tandem/core/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr const char* kOwnMetadata = "tandem.";

/// As it was written: an integer without leading zeros, a finite number.
template <typename Number>
std::optional<Number> written_number(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool padded = std::is_integral_v<Number> && digits.size() > 1 && digits.front() == '0';
  return padded ? std::nullopt : parse_number<Number>(text);
}

/// Nothing if any of them is not a number.
template <typename Number>
std::optional<std::vector<Number>> written_numbers(std::string_view text) {
  std::vector<Number> numbers;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const auto number = written_number<Number>(text.substr(0, space));
    if (!number || space + 1 == text.size()) {
      return std::nullopt;
    }
    numbers.push_back(*number);
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return numbers;
}

}  // namespace

MetadataReader::MetadataReader(const std::map<std::string, std::string>& metadata,
                               std::string source, std::string kind)
    : metadata_(metadata), source_(std::move(source)), kind_(std::move(kind)) {}

void MetadataReader::refuse(const std::string& why) const {
  throw std::runtime_error(fmt::format("{}: not {}: {}", source_, kind_, why));
}

const std::string& MetadataReader::text(const std::string& name) const {
  const auto found = metadata_.find(kOwnMetadata + name);
  if (found == metadata_.end()) {
    refuse(fmt::format("the metadata lacks '{}{}'", kOwnMetadata, name));
  }
  return found->second;
}

template <typename Number>
Number MetadataReader::number(const std::string& name, Number lowest, Number highest) const {
  const auto number = written_number<Number>(text(name));
  if (!number || !(*number >= lowest && *number <= highest)) {
    refuse(fmt::format("'{}{}' should be a number in {}..{}, is '{}'", kOwnMetadata, name, lowest,
                       highest, text(name)));
  }
  return *number;
}

template std::int64_t MetadataReader::number(const std::string&, std::int64_t, std::int64_t) const;
template std::uint64_t MetadataReader::number(const std::string&, std::uint64_t,
                                              std::uint64_t) const;
template double MetadataReader::number(const std::string&, double, double) const;

template <typename Number>
std::vector<Number> MetadataReader::numbers(const std::string& name, std::size_t count) const {
  const auto numbers = written_numbers<Number>(text(name));
  if (!numbers || numbers->size() != count) {
    refuse(
        fmt::format("'{}{}' should be {} numbers, is '{}'", kOwnMetadata, name, count, text(name)));
  }
  return *numbers;
}

template std::vector<std::int64_t> MetadataReader::numbers(const std::string&, std::size_t) const;
template std::vector<double> MetadataReader::numbers(const std::string&, std::size_t) const;

std::array<std::int64_t, 3> MetadataReader::extents(const std::string& name) const {
  std::array<std::int64_t, 3> extents{};
  const auto numbers = written_numbers<std::int64_t>(text(name));
  if (!numbers || numbers->size() != extents.size() ||
      *std::min_element(numbers->begin(), numbers->end()) < 1) {
    refuse(fmt::format("'{}{}' should be 3 numbers, channels, height and width, is '{}'",
                       kOwnMetadata, name, text(name)));
  }
  std::copy(numbers->begin(), numbers->end(), extents.begin());
  return extents;
}

Fingerprint MetadataReader::fingerprint(const std::string& name) const {
  const auto fingerprint = Fingerprint::from_hex(text(name));
  if (!fingerprint) {
    refuse(fmt::format("'{}{}' should be 32 hexadecimal digits, is '{}'", kOwnMetadata, name,
                       text(name)));
  }
  return *fingerprint;
}

}  // namespace tandem
