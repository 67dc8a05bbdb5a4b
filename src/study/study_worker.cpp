#include "tandem/study/study_worker.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>

#include "study_mappings.h"
#include "tandem/label/labelling.h"
#include "tandem/record/provenance.h"
#include "tandem/study/ladder.h"
#include "trial.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// Tells of training steps.
class StepProgress : public FitObserver {
 public:
  explicit StepProgress(const OnProgress& progress) : progress_(progress) {}
  void on_step(std::int64_t done, std::int64_t total) override { progress_({done, total, ""}); }

 private:
  const OnProgress& progress_;
};

/// Teachers and stores as the job brings them.
TrialSources sources_of(const Job& job, const MappingPlan& mappings) {
  std::map<std::string, std::string> file_of;
  for (std::size_t k = 0; k < job.names.size(); ++k) {
    file_of[job.names[k]] = job.files.at(k);
  }
  std::map<std::string, fs::path> store_of;
  for (std::size_t k = 0; k < mappings.size(); ++k) {
    store_of[config_text(config_of(mappings[k].spec))] = job.stores.at(k);
  }
  return {.files =
              [file_of](const TeacherRef& teacher) {
                TeacherRef files = teacher;
                for (std::string& name : files.names) {
                  name = file_of.at(name);
                }
                return files;
              },
          .store =
              [store_of](const MappingSpec& mapping) {
                return store_of.at(config_text(config_of(mapping)));
              }};
}

/// What labelling the stores that a trial reads has cost, each once.
double charged_seconds(const MappingPlan& mappings, const TrialSources& sources) {
  std::set<fs::path> charged;
  double seconds = 0;
  for (const PlannedMapping& planned : mappings) {
    if (const auto store = store_of(planned.spec, sources);
        store && charged.insert(*store).second) {
      seconds += labelling_seconds(*store);
    }
  }
  return seconds;
}

}  // namespace

void StudyWorker::run(const Job& job, FitObserver& observer, std::stop_token stop) {
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
  Labelling labelling(
      config, data_.splits(config.data),
      data_.teacher(resolve_mapping(config.target).teacher, config.data, config.device),
      job.result);
  labelling.run([&](const Progress& done) { observer.on_step(done.done, done.total); }, stop,
                job.command);
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
  begun.content = {job.content.at(0), job.content.at(1), job.content.at(2), job.sources};
  begun.labelling_s = charged_seconds(mappings, sources);
  begun.provenance = current_provenance(config.train.threads, job.command);
  run_trial({.config = config,
             .splits = data_.splits(config.data),
             .mappings = make_schedule(mappings, mapped_samples(config, data_),
                                       target_sources(config, sources, data_), teacher_top1_pct),
             .budgets = job.budgets,
             .folder = job.result,
             .begun = begun},
            observer, stop);
}

DoJob serve(StudyWorker& worker) {
  return [&worker](const std::string& line, const OnProgress& progress, std::stop_token stop) {
    StepProgress steps(progress);
    worker.run(parse_job(line), steps, std::move(stop));
  };
}

}  // namespace tandem
