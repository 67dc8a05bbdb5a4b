#pragma once

#include <string>
#include <string_view>

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

  /// Throws std::invalid_argument that lists the known events, and for numbers that make none.
  static SwitchEvent parse(std::string_view text);
  std::string text() const;
};

}  // namespace tandem
