#include "resnet_form.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <stdexcept>

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
  const char* next = numbers.data();
  const char* const end = next + numbers.size();
  for (bool more = true; more;) {
    std::int64_t blocks = 0;
    const auto [stop, error] = std::from_chars(next, end, blocks);
    more = stop != end;
    if (error != std::errc() || blocks < 1 || blocks > kMaxBlocks || (more && *stop != '-') ||
        form.blocks.size() == kMaxStages) {
      throw std::invalid_argument(fmt::format(
          "model '{}': expected the blocks of 1..{} stages, each 1..{}, as in {}2-2-2-2", name,
          kMaxStages, kMaxBlocks, kBasicPrefix));
    }
    form.blocks.push_back(blocks);
    next = more ? stop + 1 : end;
  }
  return form;
}

std::string general_name(const ResNetForm& form) {
  return fmt::format("{}{}", form.bottleneck ? kBottleneckPrefix : kBasicPrefix,
                     fmt::join(form.blocks, "-"));
}

}  // namespace tandem
