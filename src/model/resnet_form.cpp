#include "resnet_form.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "tandem/core/parameter_text.h"

namespace tandem {
namespace {

constexpr std::string_view kBasicPrefix = "resnet-basic-";
constexpr std::string_view kBottleneckPrefix = "resnet-bottleneck-";
constexpr std::size_t kMaxStages = 8;
constexpr std::int64_t kMaxBlocks = 256;  // per stage; ResNet-200 has 36

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

}  // namespace tandem
