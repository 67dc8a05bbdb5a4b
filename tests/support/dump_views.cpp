// Views as this program makes them, for other implementations of docs/views.md to compare with:
//
//   dump_views FILE POLICY SEED CHANNELS HEIGHT WIDTH SAMPLES EPOCH...
//
// FILE is a safetensors file with the samples (noise), and for each epoch in turn the order, the
// drawn views, their pixels and, of the first epoch, the normalised pixels.
#include <torch/types.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "tandem/core/key.h"
#include "tandem/core/safetensors.h"
#include "tandem/data/dataset.h"
#include "tandem/view/apply.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

Dataset noise(std::int64_t samples, const ImageShape& shape) {
  torch::Tensor images =
      torch::empty({samples, shape.channels, shape.height, shape.width}, torch::kUInt8);
  RandomStream random({.seed = 11, .stream = Stream::kInit});
  std::uint8_t* pixel = images.data_ptr<std::uint8_t>();
  for (std::int64_t k = 0; k < images.numel(); ++k) {
    pixel[k] = static_cast<std::uint8_t>(random.below(256));
  }
  return Dataset("noise", images, torch::zeros({samples}, torch::kInt64), {"noise"});
}

void dump(const std::vector<std::string>& arguments) {
  if (arguments.size() < 9) {
    throw std::invalid_argument(
        "usage: dump_views FILE POLICY SEED CHANNELS HEIGHT WIDTH SAMPLES EPOCH...");
  }
  const ViewPolicy policy = ViewPolicy::parse(arguments[2]);
  const std::uint64_t seed = std::stoull(arguments[3]);
  const ImageShape shape{std::stoll(arguments[4]), std::stoll(arguments[5]),
                         std::stoll(arguments[6])};
  const Dataset dataset = noise(std::stoll(arguments[7]), shape);

  std::vector<torch::Tensor> orders, boxes, flips, pixels;
  std::vector<std::int64_t> epochs;
  for (std::size_t k = 8; k < arguments.size(); ++k) {
    const auto epoch = static_cast<std::uint32_t>(std::stoul(arguments[k]));
    std::vector<std::int64_t> indices;
    std::vector<View> views;
    for (std::int64_t index = 0; index < dataset.size(); ++index) {
      const View view = policy.draw({seed, epoch, static_cast<std::uint32_t>(index)}, dataset);
      const auto [left, top, width, height] = view.crop;
      indices.push_back(index);
      views.push_back(view);
      boxes.push_back(torch::tensor({left, top, width, height}, torch::kInt32));
      flips.push_back(torch::tensor(view.flip, torch::kBool));
    }
    epochs.push_back(epoch);
    orders.push_back(torch::tensor(permutation(dataset.size(), {seed, Stream::kOrder, epoch})));
    pixels.push_back(apply_views(dataset, indices, views));
  }
  const Normalisation normalisation = Normalisation::of(dataset);
  const auto count = static_cast<std::int64_t>(epochs.size());
  write_safetensors(arguments[1],
                    {.tensors = {{"samples", dataset.images()},
                                 {"epochs", torch::tensor(epochs)},
                                 {"orders", torch::stack(orders)},
                                 {"boxes", torch::stack(boxes).view({count, dataset.size(), 4})},
                                 {"flips", torch::stack(flips).view({count, dataset.size()})},
                                 {"pixels", torch::stack(pixels)},
                                 {"normalised", normalise(pixels[0], normalisation)},
                                 {"mean", torch::tensor(normalisation.mean, torch::kFloat64)},
                                 {"stddev", torch::tensor(normalisation.stddev, torch::kFloat64)}},
                     .metadata = {}});
}

}  // namespace
}  // namespace tandem

int main(int count, char** arguments) {
  try {
    tandem::dump({arguments, arguments + count});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dump_views: %s\n", error.what());
    return 1;
  }
}
