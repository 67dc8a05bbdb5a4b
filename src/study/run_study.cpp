#include "tandem/study/run_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "check_plan.h"
#include "describe_study.h"
#include "draw_gallery.h"
#include "older_format.h"
#include "study_jobs.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/error_text.h"
#include "tandem/core/fingerprint.h"
#include "tandem/core/folder_checksums.h"
#include "tandem/core/folder_entries.h"
#include "tandem/jobs/run_here.h"
#include "tandem/label/judge_teacher.h"
#include "tandem/label/student_store.h"
#include "tandem/study/ladder.h"
#include "tandem/study/study_worker.h"
#include "trial.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kFullBelow = std::uintmax_t{1} << 20;  // bytes

bool is_full(const fs::path& folder) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return !error && space.available < kFullBelow;
}

/// Does the jobs of one stage after the other, in worker processes or here. A job that fails leaves
/// the others alone, unless the disk is full, where no other could keep its result either.
class StageRunner {
 public:
  StageRunner(const StudyOptions& options, const StudyFolder& folder, DataCache& data,
              StudyObserver& observer, std::stop_token stop)
      : folder_(folder), observer_(observer), stop_(std::move(stop)), here_(data) {
    if (!options.worker_command.empty()) {
      pool_.emplace(options.worker_command, options.workers);
    }
  }

  /// Adds what fails to `failures`.
  void run(const Stage& stage, std::vector<FailureRecord>& failures) {
    if (stage.jobs.empty() && stage.skipped == 0) {
      return;
    }
    observer_.on_stage(stage.name, stage.jobs.size(), stage.skipped);
    const std::vector<FailedJob> failed =
        stage.jobs.empty() ? std::vector<FailedJob>{} : run_jobs(stage.jobs);
    observer_.on_stage_end(failed.size());
    for (const FailedJob& each : failed) {
      if (std::ranges::find(failures, each.reason, &FailureRecord::reason) == failures.end()) {
        observer_.on_note(fmt::format("failed: {}: {}", each.title, each.reason));
      }
      failures.push_back({stage.name, each.title, each.reason});
    }
  }

 private:
  std::vector<FailedJob> run_jobs(const std::vector<PooledJob>& jobs) {
    const auto tell = [&](const PoolProgress& progress) {
      if (!progress.failed.empty() && is_full(folder_.root())) {
        check_none_failed(progress.failed);
      }
      observer_.on_progress(progress);
    };
    if (pool_) {
      return pool_->run(jobs, tell, stop_);
    }
    const auto tell_of = [&](const Evaluation& look) { observer_.on_evaluation(look); };
    return run_here(jobs, jobs_of(here_, tell_of), tell, stop_);
  }

  const StudyFolder& folder_;
  StudyObserver& observer_;
  std::stop_token stop_;
  std::optional<WorkerPool> pool_;
  StudyWorker here_;
};

/// The record first: a folder with study.toml alone is one of the older format.
void write(const StudyFolder& folder, const StudyRecord& study) {
  write_file_atomically(folder.record(), to_json(study));
  write_file_atomically(folder.config(), study.config);
}

/// What stands in the folder, of the present format.
std::optional<StudyRecord> earlier_record(const StudyFolder& folder) {
  const fs::path path = folder.record();
  return fs::exists(path) ? std::optional(study_from_json(read_file(path), path.string()))
                          : std::nullopt;
}

bool has_same_cells(const StudyRecord& a, const StudyRecord& b) {
  return std::ranges::equal(a.cells, b.cells, {}, &CellRecord::name, &CellRecord::name);
}

/// The trials of the study's first seed and rate that learn from [base]'s samples, one of a cell,
/// as far as their teachers and targets are there.
std::vector<const PlannedTrial*> shown_trials(const StudyPlan& plan, StudyJobs& jobs) {
  const TrialConfig& first = plan.trials.front().config;
  std::vector<const PlannedTrial*> shown;
  for (const PlannedTrial& trial : plan.trials) {
    if (trial.config.seed == first.seed && trial.config.train.rate == first.train.rate &&
        config_text(trial.config.data) == config_text(first.data) && !trial.id.empty() &&
        jobs.has_targets(trial)) {
      shown.push_back(&trial);
    }
  }
  return shown;
}

/// Draws the gallery if it is not there, and returns its place in the folder; empty where there is
/// nothing to show. Of a cell whose mapping changes, the first is shown.
std::string draw(const StudyPlan& plan, const StudyFolder& folder, StudyJobs& jobs,
                 DataCache& data) {
  const std::vector<const PlannedTrial*> shown = shown_trials(plan, jobs);
  if (shown.empty()) {
    return "";
  }
  Fingerprinter hash;
  for (const PlannedTrial* trial : shown) {
    hash.text(plan.cell_of(*trial).record.name).text(trial->id);
  }
  const std::string file = "gallery/" + hash.digest().hex().substr(0, 16) + ".safetensors";
  if (fs::exists(folder.root() / file)) {
    return file;
  }
  std::vector<std::unique_ptr<Mapping>> owned;
  std::vector<std::pair<std::string, Mapping*>> mappings;
  for (const PlannedTrial* trial : shown) {
    const Cell& cell = plan.cell_of(*trial);
    const TrialSources sources = jobs.sources(trial->config);
    owned.push_back(make_mapping(cell.mappings.front().spec,
                                 mapped_samples(trial->config, data.splits(trial->config.data)),
                                 target_sources(trial->config, sources, data)));
    mappings.emplace_back(cell.record.name, owned.back().get());
  }
  const TrialConfig& base = shown.front()->config;
  write_gallery(folder.root() / file, draw_gallery(data.splits(base.data), base, mappings));
  return file;
}

/// What is to be known of teachers from files before trials that are not there yet learn from them.
/// (Those of the ladder have been judged while they were trained.)
void tell_of_teachers(const StudyPlan& plan, const StudyFolder& folder, DataCache& data,
                      StudyObserver& observer) {
  std::set<TeacherRef> told;
  for (const PlannedTrial& trial : plan.trials) {
    if (fs::exists(folder.trial(trial.id))) {
      continue;
    }
    const DataConfig& config = trial.config.data;
    for (const TeacherRef& teacher : teachers_of(plan.cell_of(trial).mappings)) {
      const bool is_rung = std::ranges::any_of(
          teacher.names, [&](const std::string& name) { return plan.ladder.has_rung(name); });
      if (is_rung || !told.insert(teacher).second) {
        continue;
      }
      for (const std::string& sentence :
           judge_teacher(*data.teacher(teacher, config, trial.config.train.device), teacher.text(),
                         data.splits(config).validation)) {
        observer.on_note(sentence);
      }
    }
  }
}

/// Writes the checksums of results that have none, and says so.
void guard_unguarded(const StudyPlan& plan, const StudyFolder& folder, StudyObserver& observer) {
  std::size_t unguarded = 0;
  for (const PlannedTrial& trial : plan.trials) {
    const fs::path path = folder.trial(trial.id);
    if (!trial.id.empty() && fs::exists(path) && !has_checksums(path)) {
      drop_checkpoint(path);
      write_checksums(path);
      ++unguarded;
    }
  }
  if (unguarded > 0) {
    observer.on_note(
        fmt::format("{}: {} of {} trials had no checksums (an older version's, or interrupted as "
                    "they were written); they are taken as they are, and have them now",
                    folder.root().string(), unguarded, plan.trials.size()));
  }
}

/// Galleries of other cells or trials, which no record names any more.
void remove_other_galleries(const StudyFolder& folder, const std::string& kept) {
  const fs::path galleries = folder.root() / "gallery";
  for (const fs::path& path :
       fs::exists(galleries) ? entries_in(galleries) : std::vector<fs::path>{}) {
    if (path != folder.root() / kept) {
      fs::remove(path);
    }
  }
}

}  // namespace

void StudyObserver::on_stage(const std::string&, std::size_t, std::size_t) {}
void StudyObserver::on_progress(const PoolProgress&) {}
void StudyObserver::on_stage_end(std::size_t) {}
void StudyObserver::on_evaluation(const Evaluation&) {}
void StudyObserver::on_note(const std::string&) {}

StudyRecord run_study(StudyPlan plan, const StudyFolder& folder, const StudyOptions& options,
                      StudyObserver& observer, std::stop_token stop) {
  const auto cache = options.data ? options.data : std::make_shared<DataCache>();
  DataCache& data = *cache;
  StudyRecord study = describe_study(plan, data, check_plan(plan, data), options.command);
  StudyJobs jobs(plan, folder, data, options.command);
  const bool older = is_of_older_format(folder);
  if (older) {
    take_over_ladder(plan, folder, jobs.ladder(), study, observer);
  } else if (const std::optional<StudyRecord> earlier = earlier_record(folder)) {
    check_same_data(folder, *earlier, study);
    const bool is_there = fs::exists(folder.root() / earlier->gallery_file);
    study.gallery_file = is_there && has_same_cells(*earlier, study) ? earlier->gallery_file : "";
  }
  StageRunner runner(options, folder, data, observer, stop);
  const Stage teach = jobs.teach();
  if (!teach.jobs.empty() && !older) {
    identify_trials(plan, jobs.ladder(), data);
    add_trials(study, plan);
    write(folder, study);  // that a report finds what stands there already, whatever happens now
  }
  runner.run(teach, study.failures);

  study.teachers = plan.has_ladder() ? read_ladder(jobs.ladder()) : std::vector<TeacherRecord>{};
  identify_trials(plan, jobs.ladder(), data);
  add_trials(study, plan);
  if (older) {
    take_over_trials(plan, folder, jobs.ladder(), study, observer);
  }
  write(folder, study);
  tell_of_teachers(plan, folder, data, observer);
  guard_unguarded(plan, folder, observer);
  for (const auto stage : {&StudyJobs::label, &StudyJobs::train, &StudyJobs::test}) {
    runner.run((jobs.*stage)(), study.failures);
  }

  try {
    study.gallery_file = draw(plan, folder, jobs, data);
  } catch (const std::exception& error) {
    study.failures.push_back(
        {"gallery", "samples with their views and targets", error_text(error)});
  }
  write(folder, study);
  remove_other_galleries(folder, study.gallery_file);
  // What is tried again may change which rates are chosen, and so whose weights are tested.
  if (!plan.config.keep_weights && study.failures.empty()) {
    for (const PlannedTrial& trial : plan.trials) {
      drop_weights(folder.trial(trial.id));
    }
  }
  return read_study(folder);
}

}  // namespace tandem
