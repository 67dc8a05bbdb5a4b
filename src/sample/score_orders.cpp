#include "score_orders.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <stdexcept>
#include <tuple>

namespace tandem {
namespace {

/// fp64 [n]: how far each is from the median of its class, the mean of the middle two.
torch::Tensor distance_from_median(const torch::Tensor& values, const Dataset& dataset) {
  torch::Tensor distance = torch::zeros_like(values);
  for (std::int64_t label = 0; label < dataset.class_count(); ++label) {
    const torch::Tensor members = dataset.labels().eq(label).nonzero().squeeze(1);
    if (members.numel() > 0) {
      const torch::Tensor own = values.index_select(0, members);
      const torch::Tensor sorted = std::get<0>(own.sort());
      const std::int64_t middle = sorted.numel() / 2;
      const torch::Tensor median = (sorted[(sorted.numel() - 1) / 2] + sorted[middle]) / 2;
      distance.index_put_({members}, (own - median).abs());
    }
  }
  return distance;
}

}  // namespace

ClassOrders score_orders(const SampleScores& scores, const std::string& choose,
                         const Dataset& samples, std::uint64_t seed) {
  const torch::Tensor values = scores.values.to(torch::kFloat64);
  if (choose == "typical") {
    return orders_by(samples,
                     scores.typical == "median" ? distance_from_median(values, samples)
                     : scores.typical == "low"  ? values
                                                : -values,
                     seed);
  }
  if (scores.hard == "none") {
    throw std::runtime_error(fmt::format(
        "data.choose = '{}': the score '{}' says what is typical, not what is hard or easy", choose,
        scores.score));
  }
  const bool low_first = (scores.hard == "low") == (choose == "hardest");
  return orders_by(samples, low_first ? values : -values, seed);
}

}  // namespace tandem
