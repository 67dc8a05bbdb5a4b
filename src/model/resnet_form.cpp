#include "resnet_form.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "architectures.h"
#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr std::string_view kBasicPrefix = "resnet-basic-";
constexpr std::string_view kBottleneckPrefix = "resnet-bottleneck-";
constexpr std::size_t kMaxStages = 8;
constexpr std::int64_t kMaxBlocks = 256;  // per stage; ResNet-200 has 36

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

void add_norm(Shapes& shapes, const std::string& name, std::int64_t width) {
  for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
    shapes[fmt::format("{}.{}", name, part)] = {width};
  }
  shapes[name + ".num_batches_tracked"] = {};
}

void add_block(Shapes& shapes, const std::string& name, bool bottleneck, std::int64_t in,
               std::int64_t inner, std::int64_t stride) {
  const std::int64_t out = bottleneck ? kBottleneckExpansion * inner : inner;
  std::vector<std::vector<std::int64_t>> convs{{inner, in, 3, 3}, {inner, inner, 3, 3}};
  if (bottleneck) {
    convs = {{inner, in, 1, 1}, {inner, inner, 3, 3}, {out, inner, 1, 1}};
  }
  for (std::size_t k = 0; k < convs.size(); ++k) {
    shapes[fmt::format("{}.conv{}.weight", name, k + 1)] = convs[k];
    add_norm(shapes, fmt::format("{}.bn{}", name, k + 1), convs[k][0]);
  }
  if (stride != 1 || in != out) {
    shapes[name + ".downsample.0.weight"] = {out, in, 1, 1};
    add_norm(shapes, name + ".downsample.1", out);
  }
}

}  // namespace

const std::map<std::string, ResNetForm>& named_resnets() {
  static const std::map<std::string, ResNetForm> forms{
      {"resnet8", {.bottleneck = false, .blocks = {1, 1, 1}}},
      {"resnet14", {.bottleneck = false, .blocks = {2, 2, 2}}},
      {"resnet20", {.bottleneck = false, .blocks = {3, 3, 3}}},
      {"resnet18", {.bottleneck = false, .blocks = {2, 2, 2, 2}}},
      {"resnet34", {.bottleneck = false, .blocks = {3, 4, 6, 3}}},
      {"resnet50", {.bottleneck = true, .blocks = {3, 4, 6, 3}}}};
  return forms;
}

std::optional<ResNetForm> parse_resnet_form(std::string_view name) {
  ResNetForm form;
  form.bottleneck = name.starts_with(kBottleneckPrefix);
  if (!form.bottleneck && !name.starts_with(kBasicPrefix)) {
    return std::nullopt;
  }
  const std::string_view numbers =
      name.substr(form.bottleneck ? kBottleneckPrefix.size() : kBasicPrefix.size());
  const auto blocks = parse_numbers<std::int64_t>(numbers, '-');
  const bool good = blocks && blocks->size() <= kMaxStages &&
                    std::all_of(blocks->begin(), blocks->end(), [](std::int64_t count) {
                      return count >= 1 && count <= kMaxBlocks;
                    });
  if (!good) {
    throw std::invalid_argument(
        fmt::format("model '{}': expected the blocks of 1..{} stages, each 1..{}, as in {}2-2-2-2",
                    name, kMaxStages, kMaxBlocks, kBasicPrefix));
  }
  form.blocks = *blocks;
  return form;
}

std::string general_name(const ResNetForm& form) {
  return fmt::format("{}{}", form.bottleneck ? kBottleneckPrefix : kBasicPrefix,
                     fmt::join(form.blocks, "-"));
}

std::int64_t resnet_feature_width(const ResNetForm& form, std::int64_t width) {
  return (width << (form.blocks.size() - 1)) * (form.bottleneck ? kBottleneckExpansion : 1);
}

Shapes resnet_tensors(const ResNetForm& form, std::int64_t width, std::int64_t kernel,
                      std::int64_t channels, std::int64_t classes) {
  Shapes shapes;
  shapes["conv1.weight"] = {width, channels, kernel, kernel};
  add_norm(shapes, "bn1", width);
  std::int64_t in = width;
  for (std::size_t stage = 0; stage < form.blocks.size(); ++stage) {
    const std::int64_t inner = width << stage;
    for (std::int64_t block = 0; block < form.blocks[stage]; ++block) {
      add_block(shapes, fmt::format("layer{}.{}", stage + 1, block), form.bottleneck, in, inner,
                stage > 0 && block == 0 ? 2 : 1);
      in = form.bottleneck ? kBottleneckExpansion * inner : inner;
    }
  }
  shapes["fc.weight"] = {classes, in};
  shapes["fc.bias"] = {classes};
  return shapes;
}

}  // namespace tandem
