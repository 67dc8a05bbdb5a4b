#include "subset.h"

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

/// The first share[c] samples of each class c, ascending.
std::vector<std::int64_t> first_of_each(const ClassOrders& orders,
                                        const std::vector<std::int64_t>& share) {
  std::vector<std::int64_t> subset;
  for (std::size_t label = 0; label < orders.size(); ++label) {
    const auto first = orders[label].begin();
    subset.insert(subset.end(), first, first + share[label]);
  }
  std::sort(subset.begin(), subset.end());
  return subset;
}

}  // namespace

ClassOrders random_orders(const Dataset& dataset, std::uint64_t seed, Stream stream) {
  ClassOrders orders = members_by_class(dataset);
  for (std::size_t label = 0; label < orders.size(); ++label) {
    const Key key{seed, stream, 0, static_cast<std::uint32_t>(label)};
    const std::vector<std::int64_t> members = orders[label];
    const std::vector<std::int64_t> order = permutation(std::ssize(members), key);
    std::transform(order.begin(), order.end(), orders[label].begin(),
                   [&](std::int64_t place) { return members[place]; });
  }
  return orders;
}

ClassOrders orders_by(const Dataset& dataset, const torch::Tensor& key, std::uint64_t seed) {
  if (key.scalar_type() != torch::kFloat64 || key.dim() != 1 || key.size(0) != dataset.size()) {
    throw std::invalid_argument(
        fmt::format("{}: expected one number per sample, fp64 [{}], found {} of {} dimension(s)",
                    dataset.name(), dataset.size(), key.numel(), key.dim()));
  }
  if (!key.isfinite().all().item<bool>()) {
    throw std::invalid_argument(
        fmt::format("{}: an order needs finite numbers, found others", dataset.name()));
  }
  const torch::Tensor contiguous = key.contiguous();
  const double* number = contiguous.data_ptr<double>();
  ClassOrders orders = random_orders(dataset, seed);
  for (std::vector<std::int64_t>& order : orders) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int64_t a, std::int64_t b) { return number[a] < number[b]; });
  }
  return orders;
}

std::vector<std::int64_t> stratified_subset(const ClassOrders& orders, std::int64_t count,
                                            const std::string& name) {
  const std::int64_t size = std::accumulate(
      orders.begin(), orders.end(), std::int64_t{0},
      [](std::int64_t sum, const auto& members) { return sum + std::ssize(members); });
  if (count <= 0 || count > size) {
    throw std::invalid_argument(
        fmt::format("subset of {}: expected a count in 1..{}, found {}", name, size, count));
  }
  return first_of_each(orders, shares(orders, count, size));
}

std::vector<std::int64_t> balanced_subset(const ClassOrders& orders, std::int64_t per_class,
                                          const Dataset& dataset) {
  for (std::size_t label = 0; label < orders.size(); ++label) {
    if (per_class < 1 || per_class > std::ssize(orders[label])) {
      throw std::invalid_argument(fmt::format(
          "subset of {}: expected 1..{} samples per class, which is what class '{}' has, found {}",
          dataset.name(), orders[label].size(), dataset.class_names()[label], per_class));
    }
  }
  return first_of_each(orders, std::vector(orders.size(), per_class));
}

std::vector<std::int64_t> stratified_subset(const Dataset& dataset, std::int64_t count,
                                            std::uint64_t seed, Stream stream) {
  return stratified_subset(random_orders(dataset, seed, stream), count, dataset.name());
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
