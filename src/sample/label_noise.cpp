#include "label_noise.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/key.h"

namespace tandem {

LabelNoise parse_label_noise(std::string_view text) {
  if (text == "symmetric") {
    return LabelNoise::kSymmetric;
  }
  if (text == "pairwise") {
    return LabelNoise::kPairwise;
  }
  throw std::invalid_argument(
      fmt::format("unknown label noise '{}'; known: symmetric, pairwise", text));
}

torch::Tensor noisy_labels(const torch::Tensor& labels, std::int64_t classes, double rate,
                           LabelNoise noise, const std::vector<std::int64_t>& places,
                           std::uint64_t seed) {
  if (!(rate >= 0 && rate <= 1)) {
    throw std::invalid_argument(fmt::format("label noise: expected a rate in 0..1, got {}", rate));
  }
  if (classes < 2 || labels.numel() != std::ssize(places)) {
    throw std::invalid_argument(fmt::format(
        "label noise: expected two classes or more and a place for each label, got {} classes, {} "
        "labels and {} places",
        classes, labels.numel(), places.size()));
  }
  torch::Tensor noisy = labels.clone();
  std::int64_t* label = noisy.data_ptr<std::int64_t>();
  for (const std::int64_t place : places) {
    RandomStream random({seed, Stream::kLabelNoise, 0, static_cast<std::uint32_t>(place)});
    if (random.uniform() < rate) {
      const std::int64_t steps = noise == LabelNoise::kPairwise
                                     ? 1
                                     : 1 + random.below(static_cast<std::uint32_t>(classes - 1));
      *label = (*label + steps) % classes;
    }
    ++label;
  }
  return noisy;
}

}  // namespace tandem
