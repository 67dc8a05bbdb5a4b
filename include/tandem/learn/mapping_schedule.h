#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "tandem/record/evaluation.h"
#include "tandem/target/make_mapping.h"
#include "tandem/target/mapping_plan.h"

namespace tandem {

/// The rule of ReLA (Sun et al., "Efficiency for Free: Ideal Data Are Transportable
/// Representations", NeurIPS 2024, arXiv:2405.14669): targets of a foreign model are left when
/// their loss has stopped to fall. `fast` follows the loss and `slow` follows `fast`; with each
/// loss,
///
///   rho  = exp(-max(slow - fast, 0))
///   fast = f fast + (1 - f) loss
///   slow = s slow + (1 - s) fast
///
/// and the switch comes with the first rho >= 0.995. As in the authors' code, rho is that before
/// the averages move. They begin with slow = 2 and fast = 1, right for their cosine loss, whose
/// range is 0..2; here losses are of any size, and the averages begin with fast = the first loss
/// and slow = twice that.
struct LossAverages {
  double fast = 0, slow = 0;

  static LossAverages beginning_with(double loss) { return {.fast = loss, .slow = 2 * loss}; }

  /// Takes one loss and says whether rho had come to 0.995. Decays as in SwitchEvent.
  bool update(double loss, const SwitchEvent& rela);
};

/// How far a run has come through its mappings.
struct SwitchState {
  std::vector<std::int64_t> steps;       ///< of each switch that happened: steps done before it
  std::optional<LossAverages> averages;  ///< of the losses since the last switch, for `rela`

  std::size_t phase() const { return steps.size(); }  ///< which mapping is in force, from 0
};

/// What is known after a step.
struct StepReport {
  std::int64_t step = 0;  ///< steps done
  double epochs = 0;      ///< passes over the training split done
  double target_loss = 0;
  const Evaluation* look = nullptr;  ///< of this step, if there was one
};

/// A mapping and what ends its time.
struct MappingPhase {
  std::shared_ptr<Mapping> mapping;
  std::optional<SwitchEvent> until;  ///< none for the last
  double teacher_top1_pct = 0;       ///< on the validation split; for kPassesTeacher
};

/// The mappings of one training run, in the order in which they are in force. It is constant; what
/// happens during a run stands in a SwitchState.
class MappingSchedule {
 public:
  /// One mapping throughout, which must outlive the schedule.
  MappingSchedule(Mapping& mapping);

  /// Throws std::invalid_argument for no mapping, an event after the last or none after another,
  /// and mappings that are not equally wide, since one target head learns from all of them.
  explicit MappingSchedule(std::vector<MappingPhase> phases);

  Mapping& in_force(const SwitchState& state) const { return *phases_[state.phase()].mapping; }
  std::size_t size() const { return phases_.size(); }
  std::int64_t width() const { return phases_.front().mapping->width(); }
  bool needs_validation() const;

  /// Moves `state` on if what the mapping in force waits for has come, and further if the next
  /// one's has come as well. The mapping then in force is that of the next step.
  void after_step(SwitchState& state, const StepReport& report) const;

 private:
  std::vector<MappingPhase> phases_;
};

/// The mappings that a plan says, ready to answer; mappings that are said twice are made once.
/// `teacher_top1_pct` is asked for the accuracy, on the validation split, of each teacher that is
/// to be passed. Throws what make_mapping and MappingSchedule throw.
MappingSchedule make_schedule(
    const MappingPlan& plan, const MappedSamples& samples, const TargetSources& sources,
    const std::function<double(const MappingSpec&)>& teacher_top1_pct = {});

}  // namespace tandem
