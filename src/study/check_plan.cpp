#include "check_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "study_teachers.h"
#include "tandem/label/open_teacher.h"
#include "tandem/label/student_store.h"
#include "tandem/learn/learner.h"
#include "tandem/study/trial.h"
#include "tandem/target/switch_rule.h"

namespace tandem {
namespace {

/// Numbers per target under a mapping. Opens teachers that are files, so that one which does not
/// fit is found here; a teacher that is still to be trained follows from its model.
std::int64_t target_width(const StudyPlan& plan, const TrialConfig& cell,
                          const TargetConfig& target, const Splits& splits) {
  if (!target.store.empty()) {
    return TargetStore(target.store).width();
  }
  const Content content = parse_content(target.content);
  if (!needs_teacher(content)) {
    return splits.train.class_count();
  }
  const std::vector<std::string> names = teacher_names(target.teacher);
  const bool from_files = std::none_of(names.begin(), names.end(), [&](const std::string& name) {
    return has_rung(plan.ladder, name);
  });
  std::int64_t width = splits.train.class_count();
  if (from_files) {
    width =
        open_teacher({names.begin(), names.end()}, target.ensemble, cell.data, splits.train, "cpu")
            ->width(content);
  } else if (content == Content::kFeatures) {
    if (names.size() > 1) {
      throw std::invalid_argument(fmt::format(
          "study: teacher '{}': features of different networks have no common axes, so an ensemble "
          "gives none",
          target.teacher));
    }
    width = Model(plan.ladder.model, splits.train.image_shape(), width, 0).feature_width();
  }
  if (target.pca > width) {
    throw std::invalid_argument(fmt::format("study: target.pca = {}, but '{}' gives {} features",
                                            target.pca, target.teacher, width));
  }
  return target.pca > 0 ? target.pca : width;
}

/// k-means needs as many samples of each class as it makes clusters.
void check_clusters(const TargetConfig& target, const Dataset& dataset) {
  if (!target.store.empty() || parse_granularity(target.granularity) != Granularity::kCluster) {
    return;
  }
  const auto fewest =
      torch::bincount(dataset.labels(), {}, dataset.class_count()).min().item<std::int64_t>();
  if (granularity_count(target.granularity) > fewest) {
    throw std::invalid_argument(
        fmt::format("study: target.granularity = '{}', but a class of {} has {} samples",
                    target.granularity, dataset.name(), fewest));
  }
}

/// Checks the targets of all mappings of a cell, and that they are equally wide, since one target
/// head learns from all of them.
void check_targets(const StudyPlan& plan, const Cell& cell, const Splits& splits) {
  const std::vector<TargetConfig> mappings = phases(cell.trial.target);
  std::vector<std::int64_t> widths;
  for (std::size_t k = 0; k < mappings.size(); ++k) {
    check_clusters(mappings[k], splits.train);
    widths.push_back(target_width(plan, cell.trial, mappings[k], splits));
    if (widths[k] != widths.front()) {
      throw std::invalid_argument(fmt::format(
          "study: cell '{}': '{}' leads from targets of {} numbers ({}) to such of {} ({}); one "
          "target head learns from all of them, so they must be equally wide",
          cell.record.name, cell.trial.target.switches[k - 1], widths.front(),
          mappings.front().content, widths[k], mappings[k].content));
    }
  }
}

/// Opens the stores of a cell for every seed of the study.
void check_stores(const StudyPlan& plan, const TrialConfig& config, const TrainConfig& train,
                  const Splits& splits) {
  for (const TargetConfig& target : phases(config.target)) {
    if (target.store.empty()) {
      continue;
    }
    TrialConfig trial = config;
    trial.train = train;
    trial.target = target;
    for (const std::int64_t seed : plan.config.seeds) {
      trial.seed = seed;
      open_student_store(target.store, trial, splits, std::nullopt);
    }
  }
}

}  // namespace

void check_plan(const StudyPlan& plan, const Splits& base_splits) {
  if (plan.has_ladder()) {
    check(plan.ladder, base_splits.train.size());
  }
  for (const Cell& cell : plan.cells) {
    const TrialConfig& config = cell.trial;
    TrainConfig train = config.train;
    if (train.steps == 0 && train.samples == 0 && train.epochs == 0) {
      train.steps = plan.config.budgets.back();
    }
    const bool own_samples = config_text(config.data) != config_text(plan.base.data);
    const Splits splits = own_samples ? load_splits(config.data) : base_splits;
    const std::int64_t samples = splits.train.size();
    if (total_steps(train, samples) < plan.config.budgets.back()) {
      throw std::invalid_argument(
          fmt::format("study: cell '{}' trains for {} steps, the last of 'budgets' is {}",
                      cell.record.name, total_steps(train, samples), plan.config.budgets.back()));
    }
    check_targets(plan, cell, splits);
    const Learner learner(make_student(config, splits, splits.train.class_count()),
                          make_loss(config), train);
    make_batches(config, splits);
    check_stores(plan, config, train, splits);
  }
}

}  // namespace tandem
