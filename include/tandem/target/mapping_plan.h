#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/target/switch_event.h"
#include "tandem/target/target_config.h"

namespace tandem {

/// "EVENT key=value ...", as `target.switch` lists them: when the event comes, the mapping in force
/// becomes the one with these keys of [target] replaced.
struct SwitchRule {
  SwitchEvent event;
  std::vector<std::string> assignments;  ///< "key=value", at least one

  /// Values with spaces stand in quotes (`teacher="my teachers/strong.safetensors"`). Throws
  /// std::invalid_argument that quotes the rule; whether its keys exist is found by
  /// plan_mappings().
  static SwitchRule parse(std::string_view text);
  std::string text() const;
};

/// One mapping of a training, and what ends its time.
struct PlannedMapping {
  MappingSpec spec;
  std::optional<SwitchEvent> until;  ///< none for the last
};

/// The mappings of a training in the order in which they are in force; one where it never changes.
using MappingPlan = std::vector<PlannedMapping>;

/// The mappings that `config` goes through, one more than it has rules. Throws
/// std::invalid_argument, which quotes the rule at fault, for keys and mappings that do not exist,
/// steps or epochs that do not ascend, and `passes-teacher` where no teacher answers.
MappingPlan plan_mappings(const TargetConfig& config);

/// The same mappings in their normal form: keys that do not apply are blank, and each rule is the
/// shortest that leads to the same mapping, so that equal plans have equal configs. Throws as
/// plan_mappings does.
TargetConfig resolve(const TargetConfig& config);

/// The different teachers of all mappings, in order.
std::vector<TeacherRef> teachers_of(const MappingPlan& plan);

}  // namespace tandem
