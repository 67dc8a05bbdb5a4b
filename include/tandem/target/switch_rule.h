#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tandem/target/target.h"

namespace tandem {

/// What a mapping can wait for before the next one takes its place.
enum class EventKind {
  kStep,           ///< `step:N`: N steps are done
  kEpoch,          ///< `epoch:X`: X passes over the training split are done
  kPassesTeacher,  ///< `passes-teacher`: the student is as good as the mapping's own teacher
  kRela,  ///< `rela`, `rela:FAST:SLOW`: the target loss has stopped to fall, see LossAverages
};

struct SwitchEvent {
  EventKind kind = EventKind::kStep;
  double at = 0;        ///< kStep: steps, kEpoch: passes
  double fast = 0.999;  ///< kRela: decay of the average of the loss ...
  double slow = 0.99;   ///< ... and of the average of that average
};

/// "EVENT key=value ...": when the event comes, the mapping in force becomes the one with these
/// keys of [target] replaced.
struct SwitchRule {
  SwitchEvent event;
  std::vector<std::string> assignments;  ///< "key=value", at least one
};

/// Values with spaces stand in quotes (`teacher="my teachers/strong.safetensors"`). Throws
/// std::invalid_argument that quotes the rule; whether its keys exist is found by phases().
SwitchRule parse_switch_rule(std::string_view text);

std::string text_of(const SwitchEvent& event);
std::string text_of(const SwitchRule& rule);

/// The mappings that `config` goes through, switches.size() + 1 of them, each resolved and without
/// rules. Throws std::invalid_argument, which quotes the rule at fault, for keys and mappings that
/// do not exist, steps or epochs that do not ascend, and `passes-teacher` where no teacher answers.
std::vector<TargetConfig> phases(const TargetConfig& config);

/// resolve() of a config with rules: that of its first mapping, and each rule in the shortest form
/// that leads to the same mappings.
TargetConfig resolve_switches(const TargetConfig& config);

/// The different teachers of all mappings of `config`, in order.
std::vector<std::string> teachers_of(const TargetConfig& config);

}  // namespace tandem
