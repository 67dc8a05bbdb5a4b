#include "tandem/target/granularity.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

using Kind = Granularity::Kind;

std::vector<Granularity> all_kinds() {
  std::vector<Granularity> kinds;
  for (int kind = 0; kind <= static_cast<int>(Kind::kLast); ++kind) {
    kinds.push_back({static_cast<Kind>(kind), 0});
  }
  return kinds;
}

std::optional<Granularity> find_kind(std::string_view name) {
  const std::vector<Granularity> kinds = all_kinds();
  const auto found = std::ranges::find(kinds, name, &Granularity::name);
  return found == kinds.end() ? std::nullopt : std::optional(*found);
}

std::int64_t count_of(Kind kind, const StoredCounts& counts) {
  switch (kind) {
    case Kind::kCluster:
      return counts.rows_per_class;
    case Kind::kPool:
      return counts.epochs;
    case Kind::kClass:
    case Kind::kSample:
    case Kind::kView:
      return 0;
  }
  throw std::invalid_argument("Granularity: unknown kind");
}

}  // namespace

Granularity Granularity::parse(std::string_view text) {
  const auto [name, count] = split_parameter(text);
  const std::optional<Granularity> found = find_kind(name);
  if (!found) {
    std::vector<std::string_view> names;
    for (const Granularity& known : all_kinds()) {
      names.push_back(known.name());
    }
    throw std::invalid_argument(
        fmt::format("unknown granularity '{}'; known: {}", name, fmt::join(names, ", ")));
  }
  Granularity granularity = *found;
  granularity.count = parse_number<std::int64_t>(count.value_or("")).value_or(0);
  const bool good = granularity.is_counted() ? granularity.count > 0 : !count;
  if (!good) {
    throw std::invalid_argument(fmt::format(
        "granularity '{}': expected {}", text,
        granularity.is_counted() ? fmt::format("a count, e.g. {}:4", name) : std::string(name)));
  }
  return granularity;
}

std::string Granularity::text() const {
  return is_counted() ? fmt::format("{}:{}", name(), count) : std::string(name());
}

std::string_view Granularity::name() const {
  switch (kind) {
    case Kind::kClass:
      return "class";
    case Kind::kCluster:
      return "cluster";
    case Kind::kSample:
      return "sample";
    case Kind::kPool:
      return "pool";
    case Kind::kView:
      return "view";
  }
  throw std::invalid_argument("Granularity: unknown kind");
}

bool Granularity::per_view() const {
  switch (kind) {
    case Kind::kClass:
    case Kind::kCluster:
    case Kind::kSample:
      return false;
    case Kind::kPool:
    case Kind::kView:
      return true;
  }
  throw std::invalid_argument("Granularity: unknown kind");
}

bool Granularity::is_counted() const {
  switch (kind) {
    case Kind::kCluster:
    case Kind::kPool:
      return true;
    case Kind::kClass:
    case Kind::kSample:
    case Kind::kView:
      return false;
  }
  throw std::invalid_argument("Granularity: unknown kind");
}

std::int64_t Granularity::pool() const {
  switch (kind) {
    case Kind::kPool:
      return count;
    case Kind::kClass:
    case Kind::kCluster:
    case Kind::kSample:
    case Kind::kView:
      return 0;
  }
  throw std::invalid_argument("Granularity: unknown kind");
}

std::optional<Granularity> Granularity::of_store(std::string_view name,
                                                 const StoredCounts& counts) {
  std::optional<Granularity> granularity = find_kind(name);
  if (granularity && granularity->is_counted()) {
    granularity->count = count_of(granularity->kind, counts);
    return granularity->count > 0 ? granularity : std::nullopt;
  }
  return granularity;
}

bool Granularity::has_table() const {
  switch (kind) {
    case Kind::kCluster:
      return true;
    case Kind::kClass:
    case Kind::kSample:
    case Kind::kPool:
    case Kind::kView:
      return false;
  }
  throw std::invalid_argument("Granularity: unknown kind");
}

std::int64_t Granularity::least_class_size() const {
  switch (kind) {
    case Kind::kCluster:
      return count;  // no cluster is empty
    case Kind::kClass:
    case Kind::kSample:
    case Kind::kPool:
    case Kind::kView:
      return 0;
  }
  throw std::invalid_argument("Granularity: unknown kind");
}

std::int64_t Granularity::targets(const ViewExtent& views) const {
  switch (kind) {
    case Kind::kClass:
      return views.classes;
    case Kind::kCluster:
      return views.classes * count;
    case Kind::kSample:
      return views.samples;
    case Kind::kPool:
    case Kind::kView:
      return views.samples * views.epochs;
  }
  throw std::invalid_argument("Granularity: unknown kind");
}

}  // namespace tandem
