#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

/// Which blocks a ResNet is made of, stage by stage; width and stem are ModelConfig's.
struct ResNetForm {
  bool bottleneck = false;
  std::vector<std::int64_t> blocks;  ///< per stage

  friend bool operator==(const ResNetForm&, const ResNetForm&) = default;
};

/// The forms that have a name of their own: resnet8, ..., resnet50.
const std::map<std::string, ResNetForm>& named_resnets();

/// The form of `resnet-basic-2-2-2-2` or `resnet-bottleneck-3-4-23-3`; nothing for a name of
/// another kind. Throws std::invalid_argument for a name that begins so and goes on wrongly.
std::optional<ResNetForm> parse_resnet_form(std::string_view name);

/// The inverse: the general name of a form.
std::string general_name(const ResNetForm& form);

}  // namespace tandem
