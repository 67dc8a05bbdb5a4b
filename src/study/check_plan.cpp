#include "check_plan.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "tandem/label/student_store.h"
#include "tandem/model/model_text.h"

namespace tandem {
namespace {

/// Numbers per target under a mapping. Opens teachers that are files, so that one which does not
/// fit is found here; a teacher that is still to be trained follows from its model.
std::int64_t target_width(const StudyPlan& plan, const TrialConfig& cell,
                          const MappingSpec& mapping, DataCache& data) {
  const Dataset& samples = data.splits(cell.data).train;
  if (!mapping.store.empty()) {
    return TargetStore(mapping.store).width();
  }
  if (!needs_teacher(mapping.content)) {
    return samples.class_count();
  }
  const TeacherRef& teacher = mapping.teacher;
  std::int64_t width = samples.class_count();
  if (std::ranges::none_of(teacher.names,
                           [&](const std::string& name) { return plan.ladder.has_rung(name); })) {
    width = data.teacher(teacher, cell.data, cell.train.device)->width(mapping.content);
  } else if (mapping.content == Content::kFeatures) {
    if (teacher.is_ensemble()) {
      throw std::invalid_argument(fmt::format(
          "study: teacher '{}': features of different networks have no common axes, so an ensemble "
          "gives none",
          teacher.text()));
    }
    width = Model(plan.ladder.model, samples.image_shape(), {.classes = width}).feature_width();
  }
  if (mapping.pca > width) {
    throw std::invalid_argument(fmt::format("study: target.pca = {}, but '{}' gives {} features",
                                            mapping.pca, teacher.text(), width));
  }
  return mapping.pca > 0 ? mapping.pca : width;
}

/// A granularity that divides classes needs as many samples of each as it makes parts.
void check_class_sizes(const MappingSpec& mapping, const Dataset& samples) {
  const auto fewest =
      torch::bincount(samples.labels(), {}, samples.class_count()).min().item<std::int64_t>();
  if (mapping.needs_labelling() && mapping.granularity.least_class_size() > fewest) {
    throw std::invalid_argument(
        fmt::format("study: target.granularity = '{}', but a class of {} has {} samples",
                    mapping.granularity.text(), samples.name(), fewest));
  }
}

/// Checks the targets of all mappings of a cell, and that they are equally wide, since one target
/// head learns from all of them. Returns how wide they are.
std::int64_t check_targets(const StudyPlan& plan, const Cell& cell, DataCache& data) {
  std::vector<std::int64_t> widths;
  for (std::size_t k = 0; k < cell.mappings.size(); ++k) {
    const MappingSpec& mapping = cell.mappings[k].spec;
    check_class_sizes(mapping, data.splits(cell.trial.data).train);
    widths.push_back(target_width(plan, cell.trial, mapping, data));
    if (widths[k] != widths.front()) {
      throw std::invalid_argument(fmt::format(
          "study: cell '{}': '{}' leads from targets of {} numbers ({}) to such of {} ({}); one "
          "target head learns from all of them, so they must be equally wide",
          cell.record.name, cell.trial.target.switches[k - 1], widths.front(),
          text_of(cell.mappings.front().spec.content), widths[k], text_of(mapping.content)));
    }
  }
  return widths.front();
}

/// Opens the stores of a cell for every seed of the study.
void check_stores(const StudyPlan& plan, const Cell& cell, TrialConfig trial, DataCache& data) {
  for (const PlannedMapping& planned : cell.mappings) {
    if (planned.spec.store.empty()) {
      continue;
    }
    for (const std::int64_t seed : plan.config.seeds) {
      trial.seed = seed;
      open_student_store(planned.spec.store, planned.spec, trial, data.splits(trial.data),
                         std::nullopt);
    }
  }
}

/// Names keys as a study has them.
void check_ladder(const LadderConfig& ladder, std::int64_t samples) {
  try {
    check(ladder, samples);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("teach.{}", error.what()));
  }
}

}  // namespace

std::string check_plan(const StudyPlan& plan, DataCache& data) {
  if (plan.has_ladder()) {
    check_ladder(plan.ladder, data.splits(plan.base.data).train.size());
  }
  std::string student;
  for (const Cell& cell : plan.cells) {
    TrialConfig trial = cell.trial;
    if (!has_budget(trial.train)) {
      trial.train.steps = plan.config.budgets.back();
    }
    const Splits& splits = data.splits(trial.data);
    const std::int64_t width = check_targets(plan, cell, data);
    Training training(training_of(trial), splits.train, splits.normalisation,
                      target_form(cell.mappings, width));
    if (training.steps() < plan.config.budgets.back()) {
      throw std::invalid_argument(
          fmt::format("study: cell '{}' trains for {} steps, the last of 'budgets' is {}",
                      cell.record.name, training.steps(), plan.config.budgets.back()));
    }
    check_stores(plan, cell, trial, data);
    student = student.empty() ? describe(training.model()) : student;
  }
  return student;
}

}  // namespace tandem
