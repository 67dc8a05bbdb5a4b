#include "tandem/core/metadata.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr const char* kOwnMetadata = "tandem.";

/// Nothing if any of them is not a number, or an integer that fmt would write otherwise.
template <typename Number>
std::optional<std::vector<Number>> numbers_in(const std::string& text) {
  const auto numbers = parse_numbers<Number>(text, ' ');
  if (std::is_integral_v<Number> && numbers && text != fmt::to_string(fmt::join(*numbers, " "))) {
    return std::nullopt;
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
  const auto numbers = numbers_in<Number>(text(name));
  if (!numbers || numbers->size() != 1 ||
      !(numbers->front() >= lowest && numbers->front() <= highest)) {
    refuse(fmt::format("'{}{}' should be a number in {}..{}, is '{}'", kOwnMetadata, name, lowest,
                       highest, text(name)));
  }
  return numbers->front();
}

template std::int64_t MetadataReader::number(const std::string&, std::int64_t, std::int64_t) const;
template std::uint64_t MetadataReader::number(const std::string&, std::uint64_t,
                                              std::uint64_t) const;
template double MetadataReader::number(const std::string&, double, double) const;

template <typename Number>
std::vector<Number> MetadataReader::numbers(const std::string& name, std::size_t count) const {
  const auto numbers = numbers_in<Number>(text(name));
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
  const auto numbers = numbers_in<std::int64_t>(text(name));
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
