#include "tandem/data/subset.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <stdexcept>

namespace tandem {
namespace {

std::vector<std::vector<std::int64_t>> members_by_class(const Dataset& dataset) {
  std::vector<std::vector<std::int64_t>> members(dataset.class_count());
  const std::int64_t* label = dataset.labels().data_ptr<std::int64_t>();
  for (std::int64_t index = 0; index < dataset.size(); ++index) {
    members[label[index]].push_back(index);
  }
  return members;
}

/// Whole numbers that sum to `count`, proportional to the class sizes: each class gets its quota
/// rounded down, the rest goes to the largest remainders, the lower class first in a tie.
std::vector<std::int64_t> shares(const std::vector<std::vector<std::int64_t>>& members,
                                 std::int64_t count, std::int64_t size) {
  std::vector<std::int64_t> share, remainder;
  for (const auto& member : members) {
    const std::int64_t quota = count * std::ssize(member);
    share.push_back(quota / size);
    remainder.push_back(quota % size);
  }
  std::vector<std::size_t> by_remainder(members.size());
  std::iota(by_remainder.begin(), by_remainder.end(), std::size_t{0});
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [&](std::size_t a, std::size_t b) { return remainder[a] > remainder[b]; });
  const std::int64_t rest = count - std::accumulate(share.begin(), share.end(), std::int64_t{0});
  for (std::int64_t seat = 0; seat < rest; ++seat) {
    ++share[by_remainder[seat]];
  }
  return share;
}

}  // namespace

std::vector<std::int64_t> stratified_subset(const Dataset& dataset, std::int64_t count,
                                            std::uint64_t seed, Stream stream) {
  if (count <= 0 || count > dataset.size()) {
    throw std::invalid_argument(fmt::format("subset of {}: expected a count in 1..{}, found {}",
                                            dataset.name(), dataset.size(), count));
  }
  const auto members = members_by_class(dataset);
  const auto share = shares(members, count, dataset.size());
  // The order within a class does not depend on `count`, so a larger share extends a smaller one.
  std::vector<std::int64_t> subset;
  for (std::size_t label = 0; label < members.size(); ++label) {
    const Key key{seed, stream, 0, static_cast<std::uint32_t>(label)};
    const auto order = permutation(std::ssize(members[label]), key);
    for (std::int64_t place = 0; place < share[label]; ++place) {
      subset.push_back(members[label][order[place]]);
    }
  }
  std::sort(subset.begin(), subset.end());
  return subset;
}

ValidationSplit split_validation(const Dataset& dataset, std::int64_t count, std::uint64_t seed) {
  if (count <= 0 || count >= dataset.size()) {
    throw std::invalid_argument(
        fmt::format("validation split of {}: expected a count in 1..{}, found {}", dataset.name(),
                    dataset.size() - 1, count));
  }
  ValidationSplit split;
  split.validation = stratified_subset(dataset, count, seed, Stream::kValidation);
  std::vector<std::int64_t> all(dataset.size());
  std::iota(all.begin(), all.end(), std::int64_t{0});
  std::set_difference(all.begin(), all.end(), split.validation.begin(), split.validation.end(),
                      std::back_inserter(split.train));
  return split;
}

}  // namespace tandem
