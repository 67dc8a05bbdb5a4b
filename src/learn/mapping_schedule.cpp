#include "tandem/learn/mapping_schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tandem {
namespace {

constexpr double kRelaRho = 0.995;

bool has_come(const MappingPhase& phase, const StepReport& report, bool rela_says_so) {
  switch (phase.until->kind) {
    case EventKind::kStep:
      return static_cast<double>(report.step) >= phase.until->at;
    case EventKind::kEpoch:
      return report.epochs >= phase.until->at;
    case EventKind::kPassesTeacher:
      return report.look != nullptr && report.look->validation_top1_pct >= phase.teacher_top1_pct;
    case EventKind::kRela:
      return rela_says_so;
  }
  throw std::invalid_argument("MappingSchedule: unknown kind of event");
}

}  // namespace

bool LossAverages::update(double loss, const SwitchEvent& rela) {
  const double rho = std::exp(-std::max(slow - fast, 0.0));
  fast = rela.fast * fast + (1 - rela.fast) * loss;
  slow = rela.slow * slow + (1 - rela.slow) * fast;
  return rho >= kRelaRho;
}

MappingSchedule::MappingSchedule(Mapping& mapping) {
  // Owns nothing: the caller keeps the mapping.
  phases_.push_back({.mapping = std::shared_ptr<Mapping>(std::shared_ptr<Mapping>(), &mapping)});
}

MappingSchedule::MappingSchedule(std::vector<MappingPhase> phases) : phases_(std::move(phases)) {
  if (phases_.empty()) {
    throw std::invalid_argument("MappingSchedule: no mapping");
  }
  for (std::size_t k = 0; k < phases_.size(); ++k) {
    if (phases_[k].until.has_value() != (k + 1 < phases_.size())) {
      throw std::invalid_argument(
          "MappingSchedule: expected an event after every mapping but the last");
    }
    if (phases_[k].mapping->width() != width()) {
      throw std::invalid_argument(fmt::format(
          "target.switch: the first mapping has targets of {} numbers, the one after switch {} of "
          "{}; one target head learns from all of them, so they must be equally wide (features are "
          "as wide as the teacher's last layer, all other targets as there are classes)",
          width(), k, phases_[k].mapping->width()));
    }
  }
}

bool MappingSchedule::needs_validation() const {
  return std::any_of(phases_.begin(), phases_.end(), [](const MappingPhase& phase) {
    return phase.until && phase.until->kind == EventKind::kPassesTeacher;
  });
}

void MappingSchedule::after_step(SwitchState& state, const StepReport& report) const {
  bool rela_says_so = false;
  const std::optional<SwitchEvent>& waits_for = phases_[state.phase()].until;
  if (waits_for && waits_for->kind == EventKind::kRela) {
    if (!state.averages) {
      state.averages = LossAverages::beginning_with(report.target_loss);
    }
    rela_says_so = state.averages->update(report.target_loss, *waits_for);
  }
  while (phases_[state.phase()].until && has_come(phases_[state.phase()], report, rela_says_so)) {
    state.steps.push_back(report.step);
    state.averages.reset();
    rela_says_so = false;  // a `rela` that comes next has seen no loss yet
  }
}

MappingSchedule make_schedule(const MappingPlan& plan, const MappedSamples& samples,
                              const TargetSources& sources,
                              const std::function<double(const MappingSpec&)>& teacher_top1_pct) {
  std::vector<MappingPhase> phases;
  for (const auto& [spec, until] : plan) {
    // A mapping that comes back is the one that was there.
    const auto first = static_cast<std::size_t>(
        std::ranges::find(plan, spec, &PlannedMapping::spec) - plan.begin());
    MappingPhase phase{.mapping = first < phases.size()
                                      ? phases[first].mapping
                                      : std::shared_ptr(make_mapping(spec, samples, sources)),
                       .until = until};
    if (until && until->kind == EventKind::kPassesTeacher) {
      if (!teacher_top1_pct) {
        throw std::invalid_argument("make_schedule: nobody knows how good the teacher is");
      }
      phase.teacher_top1_pct = teacher_top1_pct(spec);
    }
    phases.push_back(std::move(phase));
  }
  return MappingSchedule(std::move(phases));
}

}  // namespace tandem
