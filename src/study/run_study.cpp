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
#include "older_format.h"
#include "stage_runner.h"
#include "study_gallery.h"
#include "study_jobs.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/error_text.h"
#include "tandem/core/folder_checksums.h"
#include "tandem/label/judge_teacher.h"
#include "tandem/study/ladder.h"
#include "trial.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

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

/// What is to be known of teachers from files before trials that are not there yet learn from them.
/// (Those of the ladder have been judged while they were trained.)
void tell_of_teachers(const StudyPlan& plan, const StudyFolder& folder, DataCache& data,
                      StudyObserver& observer) {
  std::set<TeacherRef> told;
  for (const PlannedTrial& trial : plan.trials) {
    if (!trial.id.empty() && fs::exists(folder.trial(trial.id))) {
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

/// Finishes trials whose run ended just before it could, and says so.
void finish_trials(const StudyPlan& plan, const StudyFolder& folder, StudyObserver& observer) {
  std::size_t unguarded = 0;
  for (const PlannedTrial& trial : plan.trials) {
    const bool done = !trial.id.empty() && fs::exists(folder.trial(trial.id));
    unguarded += done && !has_checksums(folder.trial(trial.id)) ? 1 : 0;
    if (done) {
      finish_trial(folder.trial(trial.id));
    }
  }
  if (unguarded > 0) {
    observer.on_note(
        fmt::format("{}: {} of {} trials had no checksums (an older version's, or interrupted as "
                    "they were written); they are taken as they are, and have them now",
                    folder.root().string(), unguarded, plan.trials.size()));
  }
}

}  // namespace

void StudyObserver::on_stage(const std::string&, std::size_t, std::size_t) {}
void StudyObserver::on_progress(const PoolProgress&) {}
void StudyObserver::on_stage_end(std::size_t) {}
void StudyObserver::on_evaluation(const Evaluation&) {}
void StudyObserver::on_note(const std::string&) {}
void StudyObserver::on_failure(const FailureRecord&) {}

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
  const auto identify = [&] {
    study.teachers = plan.has_ladder() ? read_ladder(jobs.ladder()) : std::vector<TeacherRecord>{};
    identify_trials(plan, jobs.ladder(), data);
    add_trials(study, plan);
  };
  const auto note = [&](const FailureRecord& failure) {
    study.failures.push_back(failure);
    observer.on_failure(failure);
  };
  StageRunner runner(options, folder, data, observer, stop);
  const auto run = [&](const Stage& stage) {
    std::ranges::for_each(runner.run(stage), note);
    write(folder, study);
  };

  identify();
  tell_of_teachers(plan, folder, data, observer);
  const Stage teach = jobs.teach();
  if (!older) {
    write(folder, study);  // that a report finds what stands there already, whatever happens now
  }
  std::ranges::for_each(runner.run(teach), note);
  if (!teach.jobs.empty()) {
    identify();
  }
  if (older) {
    take_over_trials(plan, folder, jobs.ladder(), study, observer);
  }
  write(folder, study);
  finish_trials(plan, folder, observer);
  for (const auto stage : {&StudyJobs::label, &StudyJobs::train, &StudyJobs::test}) {
    run((jobs.*stage)());
  }

  try {
    study.gallery_file = draw_study_gallery(plan, folder, jobs, data);
  } catch (const std::exception& error) {
    note({"gallery", "samples with their views and targets", error_text(error)});
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
