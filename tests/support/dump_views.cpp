// Views as this program makes them, for other implementations of docs/views.md to compare with:
//
//   dump_views FILE POLICY[;POLICY...] SEED CHANNELS HEIGHT WIDTH SAMPLES EPOCH...
//   dump_views parse POLICY...
//
// FILE.0 and so on, one for each POLICY, are safetensors files with the samples, and for each epoch
// in turn the order, the drawn views, their pixels and, of the first epoch, the normalised pixels.
// "parse" prints for each POLICY a line: its normal form, or why it is refused.
#include <torch/types.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tandem/core/key.h"
#include "tandem/core/safetensors.h"
#include "tandem/dataset/dataset.h"
#include "tandem/view/apply.h"
#include "tandem/view/view_policy.h"

namespace tandem {
namespace {

/// Sample k is noise, but of few values if k mod 8 is 1, of a narrow range if 2, of equal channels
/// if 3, of a single value a channel if 4, of a single grey if 5, black and white if 6, and a slope
/// if 7.
Dataset toy_samples(std::int64_t samples, const ImageShape& shape) {
  const auto [channels, height, width] = shape;
  torch::Tensor images = torch::empty({samples, channels, height, width}, torch::kUInt8);
  RandomStream random({.seed = 11, .stream = Stream::kInit});
  std::uint8_t* pixel = images.data_ptr<std::uint8_t>();
  const std::int64_t area = height * width;
  for (std::int64_t k = 0; k < images.numel(); ++k) {
    const std::int64_t sample = k / (channels * area), channel = k / area % channels;
    const std::int64_t place = k % area, x = place % width, y = place / width;
    const auto noise = static_cast<std::int64_t>(random.below(256));
    const std::int64_t values[] = {noise,
                                   noise / 60 * 60,
                                   90 + noise / 8,
                                   channel > 0 ? pixel[k - area] : noise,
                                   place > 0 ? pixel[k - 1] : noise,
                                   k % (channels * area) > 0 ? pixel[k - 1] : noise,
                                   noise / 128 * 255,
                                   (channel + 1) * (7 * x + 3 * y + sample) % 256};
    pixel[k] = static_cast<std::uint8_t>(values[sample % 8]);
  }
  return Dataset("toy", images, torch::zeros({samples}, torch::kInt64), {"toy"});
}

/// Kind and parameters of each operation, int32 [views, most operations of one view, 7], -1 where a
/// view has fewer.
torch::Tensor operations_of(const std::vector<View>& views) {
  std::size_t most = 0;
  for (const View& view : views) {
    most = std::max(most, view.operations.size());
  }
  torch::Tensor rows =
      torch::full({std::ssize(views), static_cast<std::int64_t>(most), 7}, -1, torch::kInt32);
  std::int32_t* first = rows.data_ptr<std::int32_t>();
  for (std::size_t k = 0; k < views.size(); ++k) {
    std::int32_t* row = first + k * most * 7;
    for (const auto& [kind, parameters] : views[k].operations) {
      *row = static_cast<std::int32_t>(kind);
      row = std::copy(parameters.begin(), parameters.end(), row + 1);
    }
  }
  return rows;
}

void print_parsed(const std::vector<std::string>& arguments) {
  for (std::size_t k = 2; k < arguments.size(); ++k) {
    try {
      std::printf("%s\n", ViewPolicy::parse(arguments[k]).text().c_str());
    } catch (const std::invalid_argument& error) {
      std::printf("refused: %s\n", error.what());
    }
  }
}

void dump_policy(const std::string& path, const ViewPolicy& policy, std::uint64_t seed,
                 const Dataset& dataset, const std::vector<std::uint32_t>& epochs) {
  std::vector<torch::Tensor> orders, boxes, flips, reflected, pixels;
  std::vector<View> all;
  for (const std::uint32_t epoch : epochs) {
    std::vector<std::int64_t> indices;
    std::vector<View> views;
    for (std::int64_t index = 0; index < dataset.size(); ++index) {
      const View view = policy.draw({seed, epoch, static_cast<std::uint32_t>(index)}, dataset);
      const auto [left, top, width, height] = view.crop;
      indices.push_back(index);
      views.push_back(view);
      boxes.push_back(torch::tensor({left, top, width, height}, torch::kInt32));
      flips.push_back(torch::tensor(view.flip, torch::kBool));
      reflected.push_back(torch::tensor(view.border == Border::kReflect, torch::kBool));
    }
    orders.push_back(torch::tensor(permutation(dataset.size(), {seed, Stream::kOrder, epoch})));
    pixels.push_back(apply_views(dataset, indices, views));
    all.insert(all.end(), views.begin(), views.end());
  }
  const Normalisation normalisation = Normalisation::of(dataset);
  const auto count = static_cast<std::int64_t>(epochs.size());
  const torch::Tensor operations = operations_of(all);
  write_safetensors(
      path,
      {.tensors = {{"samples", dataset.images()},
                   {"epochs",
                    torch::tensor(std::vector<std::int64_t>(epochs.begin(), epochs.end()))},
                   {"orders", torch::stack(orders)},
                   {"boxes", torch::stack(boxes).view({count, dataset.size(), 4})},
                   {"flips", torch::stack(flips).view({count, dataset.size()})},
                   {"reflected", torch::stack(reflected).view({count, dataset.size()})},
                   {"operations", operations.view({count, dataset.size(), operations.size(1), 7})},
                   {"pixels", torch::stack(pixels)},
                   {"normalised", normalise(pixels[0], normalisation)},
                   {"mean", torch::tensor(normalisation.mean, torch::kFloat64)},
                   {"stddev", torch::tensor(normalisation.stddev, torch::kFloat64)}},
       .metadata = {}});
}

void dump(const std::vector<std::string>& arguments) {
  if (arguments.size() > 1 && arguments[1] == "parse") {
    return print_parsed(arguments);
  }
  if (arguments.size() < 9) {
    throw std::invalid_argument(
        "usage: dump_views FILE POLICY[;POLICY...] SEED CHANNELS HEIGHT WIDTH SAMPLES EPOCH...");
  }
  const std::uint64_t seed = std::stoull(arguments[3]);
  const ImageShape shape{std::stoll(arguments[4]), std::stoll(arguments[5]),
                         std::stoll(arguments[6])};
  const Dataset dataset = toy_samples(std::stoll(arguments[7]), shape);
  std::vector<std::uint32_t> epochs;
  for (std::size_t k = 8; k < arguments.size(); ++k) {
    epochs.push_back(static_cast<std::uint32_t>(std::stoul(arguments[k])));
  }
  std::istringstream policies(arguments[2]);
  std::string policy;
  for (int k = 0; std::getline(policies, policy, ';'); ++k) {
    dump_policy(arguments[1] + "." + std::to_string(k), ViewPolicy::parse(policy), seed, dataset,
                epochs);
  }
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
