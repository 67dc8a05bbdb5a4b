#include "study_jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "tandem/core/folder_checksums.h"
#include "tandem/record/selection.h"
#include "tandem/study/ladder.h"
#include "tandem/target/store_builder.h"
#include "trial.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// Whether all trials of a cell are there, so that its rates can be chosen for good.
bool is_complete(const StudyRecord& study, const std::string& cell) {
  return std::ranges::count(study.trials, cell, &TrialRecord::cell) ==
         std::ranges::count(study.planned, cell, &PlannedTrialRecord::cell);
}

/// Which weights of which trials the test split is read with: those at each budget, and those
/// selected within it, of the trials at the rate chosen for that cell and budget. None of a cell
/// that lacks trials, which may yet change the choice.
std::map<std::string, std::set<std::int64_t>> steps_to_test(const StudyRecord& study) {
  std::map<std::string, std::set<std::int64_t>> steps;
  for (const CellRecord& cell : study.cells) {
    for (const std::int64_t budget : study.budgets) {
      const std::optional<double> rate = chosen_rate(study, cell.name, budget);
      if (!rate || !is_complete(study, cell.name)) {
        continue;
      }
      for (const TrialRecord* trial : trials_of(study, cell.name, *rate)) {
        const std::vector<std::int64_t> final = final_steps(*trial, {budget});
        steps[trial->id].insert(final.begin(), final.end());
      }
    }
  }
  return steps;
}

std::string title_of(const StudyPlan& plan, const PlannedTrial& trial) {
  return fmt::format("{}, rate {}, seed {}", plan.cell_of(trial).record.name,
                     trial.config.train.rate, trial.config.seed);
}

bool has_tests(const TrialRecord& record, const std::set<std::int64_t>& steps) {
  return std::ranges::all_of(steps, [&](std::int64_t step) {
    return std::ranges::any_of(record.tests,
                               [&](const TestResult& result) { return result.step == step; });
  });
}

std::vector<std::string> parts_of(const auto& content) {
  return {content.train, content.validation, content.test};
}

}  // namespace

void Stage::add(bool done, const Job& job, std::string title, double cost) {
  if (done) {
    ++skipped;
    return;
  }
  jobs.push_back({to_line(job), std::move(title), cost});
}

StudyJobs::StudyJobs(const StudyPlan& plan, const StudyFolder& folder, DataCache& data,
                     std::string command)
    : plan_(plan),
      folder_(folder),
      data_(data),
      command_(std::move(command)),
      ladder_(plan.has_ladder() ? ladder_folder(plan, folder, data) : fs::path()) {}

LabelConfig StudyJobs::labelling(const MappingSpec& mapping, const TrialConfig& trial) const {
  LabelConfig config = labelling_of(mapping, trial.data, trial.views);
  config.threads = trial.train.threads;
  config.device = trial.train.device;
  return config;
}

void StudyJobs::add_teacher(const TeacherRef& teacher, Job& job) const {
  const TeacherRef files = teacher_files(teacher, plan_, ladder_);
  job.names.insert(job.names.end(), teacher.names.begin(), teacher.names.end());
  job.files.insert(job.files.end(), files.names.begin(), files.names.end());
}

fs::path StudyJobs::labelled_store(const MappingSpec& mapping, const TrialConfig& trial) {
  const LabelConfig config = labelling(mapping, trial);
  fs::path& path = stores_[config_text(config)];
  if (path.empty()) {
    const TeacherRef teacher = teacher_files(mapping.teacher, plan_, ladder_);
    const StoreDescription description =
        describe_store(config, data_.splits(config.data).train,
                       *data_.teacher(teacher, config.data, config.device));
    path = folder_.targets(store_identity(description, mapping.pca).hex().substr(0, 16));
  }
  return path;
}

TrialSources StudyJobs::sources(const TrialConfig& trial) {
  return {
      .files = [this](const TeacherRef& teacher) { return teacher_files(teacher, plan_, ladder_); },
      .store = [this,
                trial](const MappingSpec& mapping) { return labelled_store(mapping, trial); }};
}

Stage StudyJobs::teach() {
  Stage stage{.name = "teach", .jobs = {}};
  if (plan_.has_ladder()) {
    Job job{.kind = "teach", .result = ladder_.string(), .command = command_};
    job.ladder = plan_.ladder;
    job.data = plan_.base.data;
    job.content = parts_of(identify(data_.splits(job.data)));
    const bool done = !read_ladder(ladder_).empty();
    if (done) {
      finish_ladder(ladder_);
    }
    stage.add(done, job, fmt::format("ladder of {} teachers", plan_.ladder.rungs.size()));
  }
  return stage;
}

Stage StudyJobs::label() {
  Stage stage{.name = "label", .jobs = {}};
  std::set<fs::path> planned;
  for (const PlannedTrial& trial : plan_.trials) {
    for (const PlannedMapping& mapping : plan_.cell_of(trial).mappings) {
      if (trial.id.empty() || !mapping.spec.needs_labelling()) {
        continue;
      }
      const fs::path store = labelled_store(mapping.spec, trial.config);
      if (planned.insert(store).second) {
        Job job{.kind = "label", .result = store.string(), .command = command_};
        job.label = labelling(mapping.spec, trial.config);
        job.content = parts_of(identify(data_.splits(job.label.data)));
        add_teacher(mapping.spec.teacher, job);
        const bool done = fs::exists(store);
        if (done) {
          fs::remove_all(parts_folder(store));  // where a run was killed at its very end
        }
        stage.add(done, job, "targets of " + plan_.cell_of(trial).record.name);
      }
    }
  }
  return stage;
}

bool StudyJobs::has_targets(const PlannedTrial& trial) {
  return std::ranges::all_of(plan_.cell_of(trial).mappings, [&](const PlannedMapping& mapping) {
    return !mapping.spec.needs_labelling() ||
           fs::exists(labelled_store(mapping.spec, trial.config));
  });
}

Stage StudyJobs::train() {
  Stage stage{.name = "train", .jobs = {}};
  for (const PlannedTrial& trial : plan_.trials) {
    if (trial.id.empty() || !has_targets(trial)) {
      continue;
    }
    const TrialConfig& config = trial.config;
    const Cell& cell = plan_.cell_of(trial);
    Job job{.kind = "trial", .result = folder_.trial(trial.id).string(), .command = command_};
    job.trial = config;
    job.id = trial.id;
    job.cell = cell.record.name;
    job.content = parts_of(trial.content);
    job.sources = trial.content.sources;
    job.budgets = plan_.config.budgets;
    for (const PlannedMapping& mapping : cell.mappings) {
      add_teacher(mapping.spec.teacher, job);
      job.stores.push_back(
          mapping.spec.needs_labelling() ? labelled_store(mapping.spec, config).string() : "");
    }
    // Any budget will do as cost: trials of one study have budgets of one kind.
    const TrainConfig& train = config.train;
    const double cost =
        static_cast<double>(train.steps) + static_cast<double>(train.samples) + train.epochs;
    const bool done = fs::exists(folder_.trial(trial.id));
    if (done) {
      check_files(folder_.trial(trial.id), kTrainAnew);
    }
    stage.add(done, job, title_of(plan_, trial), cost);
  }
  return stage;
}

Stage StudyJobs::test() {
  Stage stage{.name = "test", .jobs = {}};
  const StudyRecord study = read_study(folder_);
  const auto wanted = steps_to_test(study);
  for (const PlannedTrial& trial : plan_.trials) {
    const auto steps = wanted.find(trial.id);
    if (steps == wanted.end()) {
      continue;
    }
    const auto record = std::ranges::find(study.trials, trial.id, &TrialRecord::id);
    Job job{.kind = "test", .result = folder_.trial(trial.id).string(), .command = command_};
    job.trial = trial.config;
    job.content = parts_of(trial.content);
    job.steps = {steps->second.begin(), steps->second.end()};
    stage.add(has_tests(*record, steps->second), job, "test of " + title_of(plan_, trial));
  }
  return stage;
}

}  // namespace tandem
