#include "tandem/study/study_worker.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <utility>

#include "study_mappings.h"
#include "tandem/label/labelling.h"
#include "tandem/label/student_store.h"
#include "tandem/record/provenance.h"
#include "tandem/study/ladder.h"
#include "trial.h"
#include "trial_content.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// Passes on what a job tells.
class JobObserver : public FitObserver {
 public:
  JobObserver(const OnProgress& progress, const OnEvaluation& on_evaluation)
      : progress_(progress), on_evaluation_(on_evaluation) {}
  void on_step(const Progress& progress) override { progress_(progress); }
  void on_evaluation(const Evaluation& evaluation, Model&) override {
    if (on_evaluation_) {
      on_evaluation_(evaluation);
    }
  }

 private:
  const OnProgress& progress_;
  const OnEvaluation& on_evaluation_;
};

/// Teachers by the files that the job brings for their names.
TeacherRef files_of(const Job& job, TeacherRef teacher) {
  for (std::string& name : teacher.names) {
    const auto found = std::ranges::find(job.names, name);
    name = job.files.at(static_cast<std::size_t>(found - job.names.begin()));
  }
  return teacher;
}

/// Teachers and stores as the job brings them. Job and mappings must outlive the result.
TrialSources sources_of(const Job& job, const MappingPlan& mappings) {
  return {.files = [&job](const TeacherRef& teacher) { return files_of(job, teacher); },
          .store =
              [&job, &mappings](const MappingSpec& mapping) {
                const auto found = std::ranges::find(mappings, mapping, &PlannedMapping::spec);
                return fs::path(job.stores.at(static_cast<std::size_t>(found - mappings.begin())));
              }};
}

/// What labelling the stores that a trial reads has cost, each once, and finding what features of
/// teachers online are reduced to.
double charged_seconds(const TrialConfig& trial, const MappingPlan& mappings,
                       const TrialSources& sources, DataCache& data) {
  std::set<fs::path> charged;
  double seconds = 0;
  for (const PlannedMapping& planned : mappings) {
    if (planned.spec.is_online() && planned.spec.pca > 0) {
      seconds += data.reduction(sources.files(planned.spec.teacher), trial.data, trial.train.device,
                                planned.spec.pca)
                     .teacher_s;
    }
    if (const auto store = store_of(planned.spec, sources);
        store && charged.insert(*store).second) {
      seconds += labelling_seconds(*store);
    }
  }
  return seconds;
}

const DataConfig& data_of(const Job& job) {
  return job.kind == "teach" ? job.data : job.kind == "label" ? job.label.data : job.trial.data;
}

/// What is learnt from and judged on is what the job was planned on.
void check_unchanged(const std::vector<std::string>& planned, const std::vector<std::string>& now,
                     const std::string& what) {
  if (planned != now) {
    throw std::runtime_error(fmt::format(
        "{} changed while the study ran: planned with fingerprints {}, found {}; run it again",
        what, fmt::join(planned, " "), fmt::join(now, " ")));
  }
}

}  // namespace

void StudyWorker::check_data(const Job& job) {
  if (job.content.size() != 3) {
    throw std::invalid_argument(fmt::format("a job of '{}' names {} parts of its data, expected 3",
                                            job.kind, job.content.size()));
  }
  const DataConfig& config = data_of(job);
  const DataIdentity now =
      job.content[2].empty() ? identify(data_.splits(config)) : data_.identity(config);
  check_unchanged(job.content, {now.train, now.validation, now.test}, "data " + config.name);
}

void StudyWorker::run(const Job& job, FitObserver& observer, std::stop_token stop) {
  check_data(job);
  if (job.kind == "teach") {
    teach(job, observer, stop);
  } else if (job.kind == "label") {
    label(job, observer, stop);
  } else if (job.kind == "trial") {
    trial(job, observer, stop);
  } else if (job.kind == "test") {
    test_trial(job.trial.train, data_.test(job.trial.data), job.steps, job.result);
  } else {
    throw std::invalid_argument(fmt::format("a study has no job '{}'", job.kind));
  }
}

void StudyWorker::teach(const Job& job, FitObserver& observer, std::stop_token stop) {
  train_ladder(job.ladder, job.data, data_.splits(job.data), job.result, observer, stop);
}

void StudyWorker::label(const Job& job, FitObserver& observer, std::stop_token stop) {
  if (fs::exists(job.result)) {
    return;
  }
  const LabelConfig& config = job.label;
  at::set_num_threads(static_cast<int>(config.threads));
  Labelling labelling(config, data_.splits(config.data),
                      data_.teacher(files_of(job, resolve_mapping(config.target).teacher),
                                    config.data, config.device),
                      job.result);
  labelling.run([&](const Progress& progress) { observer.on_step(progress); }, stop, job.command);
}

void StudyWorker::trial(const Job& job, FitObserver& observer, std::stop_token stop) {
  if (fs::exists(job.result)) {
    return;
  }
  const TrialConfig& config = job.trial;
  const MappingPlan mappings = plan_mappings(config.target);
  const TrialSources sources = sources_of(job, mappings);
  at::set_num_threads(static_cast<int>(config.train.threads));
  const auto teacher_top1_pct = [&](const MappingSpec& mapping) {
    return data_.teacher_top1_pct(sources.files(mapping.teacher), config.data, config.train.device);
  };
  TrialRecord begun;
  begun.id = job.id;
  begun.cell = job.cell;
  StoreFingerprints stores;
  begun.content = content_of(config, mappings, sources, data_, stores).record;
  check_unchanged(job.sources, begun.content.sources, "a teacher or a store");
  begun.labelling_s = charged_seconds(config, mappings, sources, data_);
  begun.provenance = current_provenance(config.train.threads, job.command);
  run_trial({.config = config,
             .splits = data_.splits(config.data),
             .mappings = make_schedule(mappings, mapped_samples(config, data_.splits(config.data)),
                                       target_sources(config, sources, data_), teacher_top1_pct),
             .budgets = job.budgets,
             .folder = job.result,
             .begun = begun},
            observer, stop);
}

DoJob jobs_of(StudyWorker& worker, OnEvaluation on_evaluation) {
  return [&worker, on_evaluation = std::move(on_evaluation)](
             const std::string& line, const OnProgress& progress, std::stop_token stop) {
    JobObserver observer(progress, on_evaluation);
    worker.run(parse_job(line), observer, std::move(stop));
  };
}

}  // namespace tandem
