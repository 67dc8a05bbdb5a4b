#include "tandem/study/job_runner.h"

#include <algorithm>
#include <optional>
#include <set>

#include "tandem/label/labelling.h"
#include "tandem/label/open_teacher.h"
#include "tandem/label/student_store.h"
#include "tandem/record/provenance.h"
#include "tandem/target/switch_rule.h"
#include "tandem/target/teacher_accuracy.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// Whether the trial mixes views and no teacher sees the mixtures, so that targets are mixed.
bool targets_are_mixed(const TrialConfig& config) {
  if (!ViewPolicy::parse(config.views.policy).mixes()) {
    return false;
  }
  const bool per_view = needs_teacher(parse_content(config.target.content)) &&
                        is_per_view(parse_granularity(config.target.granularity));
  return !per_view ||
         !ViewPolicy::parse(teacher_policy(config.target, config.views.policy)).mixes();
}

}  // namespace

JobRunner::JobRunner(StudyPlan plan, StudyFolder folder, std::string command)
    : plan_(std::move(plan)), folder_(std::move(folder)), command_(std::move(command)) {}

void JobRunner::run(const Job& job, FitObserver& observer, std::stop_token stop) {
  if (job.kind == JobKind::kTeach) {
    teach(observer, stop);
    return;
  }
  const PlannedTrial& planned = plan_.trials.at(job.index);
  if (job.kind == JobKind::kLabel) {
    label(phases(planned).at(job.phase), observer, stop);
  } else if (job.kind == JobKind::kTrial) {
    trial(planned, observer, stop);
  } else {
    test_trial(planned.config, test_split(planned.config.data), job.steps,
               folder_.trial(planned.id));
  }
}

void JobRunner::teach(FitObserver& observer, std::stop_token stop) {
  train_ladder(plan_.ladder, plan_.base.data, folder_.ladder(plan_), observer, stop);
}

void JobRunner::label(const PlannedTrial& planned, FitObserver& observer, std::stop_token stop) {
  const TrialConfig& config = planned.config;
  const fs::path path = folder_.table(plan_, planned).value();
  if (fs::exists(path)) {
    return;
  }
  at::set_num_threads(static_cast<int>(config.train.threads));
  Labelling labelling(label_config_of(config), splits(config.data), teacher(config), path);
  const std::int64_t views =
      labelling.builder().shard_count() * labelling.builder().views_per_shard();
  labelling.run([&](std::int64_t done) { observer.on_step(std::min(done, views), views); }, stop,
                command_);
}

void JobRunner::trial(const PlannedTrial& planned, FitObserver& observer, std::stop_token stop) {
  const fs::path path = folder_.trial(planned.id);
  if (fs::exists(path)) {
    return;
  }
  const TrialConfig& config = planned.config;
  const Provenance provenance = current_provenance(config.train.threads, command_);
  const auto complete = [&](TrialRecord& record) {
    record.id = planned.id;
    record.cell = plan_.cells[planned.cell].record.name;
    record.provenance = provenance;
  };
  run_trial(config, splits(config.data), schedule(planned), plan_.config.budgets, path, complete,
            observer, stop);
}

ReadyMapping JobRunner::mapping(const PlannedTrial& planned) {
  ReadyMapping ready = mapping_of_samples(planned);
  if (targets_are_mixed(planned.config)) {
    ready.mapping = std::make_unique<MixedMapping>(std::move(ready.mapping));
  }
  return ready;
}

ReadyMapping JobRunner::mapping_of_samples(const PlannedTrial& planned) {
  const TrialConfig& config = planned.config;
  const TargetConfig& target = config.target;
  const Content content = parse_content(target.content);
  const Dataset& dataset = splits(config.data).train;
  const std::optional<fs::path> path =
      target.store.empty() ? folder_.table(plan_, planned) : std::optional<fs::path>(target.store);
  if (!path && needs_teacher(content)) {
    if (target.teacher_views == "same") {
      return {std::make_unique<OnlineMapping>(content, teacher(config), target.temperature), 0};
    }
    return {std::make_unique<OnlineMapping>(
                content, teacher(config), target.temperature, dataset,
                ViewPolicy::parse(teacher_policy(target, config.views.policy))),
            0};
  }
  if (!path && !target.shuffle) {
    return {class_mapping(dataset.class_count(), target.smoothing), 0};
  }
  std::shared_ptr<const TargetRows> rows =
      std::make_shared<TensorRows>(class_table(dataset.class_count(), target.smoothing));
  TargetKeys keys = TargetKeys::per_class(dataset.class_count());
  if (path) {
    const auto store = this->store(*path, config);
    keys = store->keys();
    rows = store;
  }
  if (target.shuffle) {
    keys = keys.shuffled(static_cast<std::uint64_t>(config.seed));
  }
  return {std::make_unique<StoredMapping>(std::move(keys), std::move(rows), content,
                                          target.temperature),
          path ? labelling_seconds(*path) : 0};
}

std::shared_ptr<const TargetStore> JobRunner::store(const fs::path& path,
                                                    const TrialConfig& config) {
  std::optional<Fingerprint> expected;
  if (!config.target.teacher.empty()) {
    expected = teacher(config)->fingerprint();
  }
  return open_student_store(path, config, splits(config.data), expected);
}

ReadySchedule JobRunner::schedule(const PlannedTrial& planned) {
  std::map<std::string, std::shared_ptr<Mapping>> made;
  std::set<fs::path> charged;
  std::vector<MappingPhase> schedule;
  double labelling_s = 0;
  for (const PlannedTrial& one : phases(planned)) {
    std::shared_ptr<Mapping>& known = made[config_text(one.config.target)];
    if (known == nullptr) {
      ReadyMapping ready = mapping(one);
      known = std::move(ready.mapping);
      const auto table = folder_.table(plan_, one);
      if (!table || charged.insert(*table).second) {
        labelling_s += ready.labelling_s;
      }
    }
    MappingPhase phase{.mapping = known};
    const std::vector<std::string>& rules = planned.config.target.switches;
    if (schedule.size() < rules.size()) {
      phase.until = parse_switch_rule(rules[schedule.size()]).event;
      if (phase.until->kind == EventKind::kPassesTeacher) {
        phase.teacher_top1_pct = teacher_top1_pct(one.config);
      }
    }
    schedule.push_back(std::move(phase));
  }
  return {MappingSchedule(std::move(schedule)), labelling_s};
}

double JobRunner::teacher_top1_pct(const TrialConfig& config) {
  const std::string key = config.target.teacher + " " + config.target.ensemble;
  const auto known = teachers_top1_pct_.find(key);
  if (known != teachers_top1_pct_.end()) {
    return known->second;
  }
  at::set_num_threads(static_cast<int>(config.train.threads));
  return teachers_top1_pct_[key] = top1_pct(*teacher(config), splits(config.data).validation);
}

std::shared_ptr<Teacher> JobRunner::teacher(const TrialConfig& config) {
  std::shared_ptr<Teacher>& known = teachers_[config.target.teacher + " " + config.target.ensemble];
  if (known == nullptr) {
    std::vector<fs::path> files;
    for (const std::string& name : teacher_names(config.target.teacher)) {
      files.push_back(folder_.teacher(plan_, name));
    }
    known = open_teacher(files, config.target.ensemble, config.data, splits(config.data).train,
                         config.train.device);
  }
  return known;
}

const Splits& JobRunner::splits(const DataConfig& config) {
  const std::string key = config_text(config);
  auto found = splits_.find(key);
  if (found == splits_.end()) {
    found = splits_.emplace(key, load_splits(config)).first;
  }
  return found->second;
}

const Dataset& JobRunner::test_split(const DataConfig& config) {
  const std::string key = config_text(config);
  auto found = test_splits_.find(key);
  if (found == test_splits_.end()) {
    found = test_splits_.emplace(key, load_test_split(config)).first;
  }
  return found->second;
}

}  // namespace tandem
