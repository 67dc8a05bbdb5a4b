#include "stacked.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tandem/core/key.h"

namespace tandem {

Dataset stack_three(const Dataset& grey, std::uint64_t seed) {
  if (grey.image_shape().channels != 1) {
    throw std::invalid_argument(fmt::format("{}: expected images of one channel to stack, got {}",
                                            grey.name(), grey.image_shape().channels));
  }
  std::vector<torch::Tensor> channels{grey.images()};
  torch::Tensor labels = grey.labels();
  for (std::uint32_t channel = 1; channel < 3; ++channel) {
    const torch::Tensor order =
        torch::tensor(permutation(grey.size(), {seed, Stream::kStack, 0, channel}), torch::kInt64);
    channels.push_back(grey.images().index_select(0, order));
    labels = labels * grey.class_count() + grey.labels().index_select(0, order);
  }
  std::vector<std::string> names;
  for (const std::string& first : grey.class_names()) {
    for (const std::string& second : grey.class_names()) {
      for (const std::string& third : grey.class_names()) {
        names.push_back(fmt::format("{} + {} + {}", first, second, third));
      }
    }
  }
  return Dataset("stacked-" + grey.name(), torch::cat(channels, 1), labels, std::move(names));
}

}  // namespace tandem
