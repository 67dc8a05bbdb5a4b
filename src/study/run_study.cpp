#include "tandem/study/run_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "check_plan.h"
#include "tandem/core/atomic_file.h"
#include "tandem/record/selection.h"
#include "tandem/study/gallery.h"
#include "tandem/study/job_runner.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

/// Jobs of one kind, which may run side by side.
struct Phase {
  std::string name;
  std::vector<PooledJob> jobs;
  std::size_t skipped = 0;

  void add(bool done, const Job& job, std::string title, double cost = 1) {
    if (done) {
      ++skipped;
      return;
    }
    jobs.push_back({to_line(job), std::move(title), cost});
  }
};

Phase teach_phase(const StudyPlan& plan, const StudyFolder& folder) {
  Phase phase{.name = "teach"};
  if (plan.has_ladder()) {
    phase.add(!read_ladder(folder.ladder(plan)).empty(), {.kind = JobKind::kTeach},
              fmt::format("ladder of {} teachers", plan.ladder.rungs.size()));
  }
  return phase;
}

Phase label_phase(const StudyPlan& plan, const StudyFolder& folder) {
  Phase phase{.name = "label"};
  std::set<fs::path> planned;
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const std::vector<PlannedTrial> mappings = phases(plan.trials[i]);
    for (std::size_t k = 0; k < mappings.size(); ++k) {
      const auto table = folder.table(plan, mappings[k]);
      if (table && planned.insert(*table).second) {
        phase.add(fs::exists(*table), {.kind = JobKind::kLabel, .index = i, .phase = k},
                  "targets of " + plan.cells[plan.trials[i].cell].record.name);
      }
    }
  }
  return phase;
}

Phase train_phase(const StudyPlan& plan, const StudyFolder& folder) {
  Phase phase{.name = "train"};
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const PlannedTrial& trial = plan.trials[i];
    // Any budget will do as cost: trials of one study have budgets of one kind.
    const TrainConfig& train = trial.config.train;
    const double cost =
        static_cast<double>(train.steps) + static_cast<double>(train.samples) + train.epochs;
    phase.add(fs::exists(folder.trial(trial.id)), {.kind = JobKind::kTrial, .index = i},
              fmt::format("{}, rate {}, seed {}", plan.cells[trial.cell].record.name, train.rate,
                          trial.config.seed),
              cost);
  }
  return phase;
}

/// Which weights of which trials the test split is read with: those at each budget, and those
/// selected within it, of the trials at the rate chosen for that cell and budget.
std::map<std::string, std::set<std::int64_t>> steps_to_test(const StudyRecord& study) {
  std::map<std::string, std::set<std::int64_t>> steps;
  for (const CellRecord& cell : study.cells) {
    for (const std::int64_t budget : study.budgets) {
      const std::optional<double> rate = chosen_rate(study, cell.name, budget);
      if (!rate) {
        continue;
      }
      for (const TrialRecord* trial : trials_of(study, cell.name, *rate)) {
        if (evaluation_at(*trial, budget) != nullptr) {
          steps[trial->id].insert(budget);
          steps[trial->id].insert(selected_step(*trial, budget));
        }
      }
    }
  }
  return steps;
}

Phase test_phase(const StudyPlan& plan, const StudyFolder& folder) {
  Phase phase{.name = "test"};
  const StudyRecord study = read_study(folder, plan);
  const auto wanted = steps_to_test(study);
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const PlannedTrial& trial = plan.trials[i];
    const auto steps = wanted.find(trial.id);
    if (steps == wanted.end()) {
      continue;
    }
    const auto record = std::find_if(study.trials.begin(), study.trials.end(),
                                     [&](const TrialRecord& r) { return r.id == trial.id; });
    const bool done = std::all_of(steps->second.begin(), steps->second.end(), [&](auto step) {
      return std::any_of(record->tests.begin(), record->tests.end(),
                         [&](const TestResult& result) { return result.step == step; });
    });
    phase.add(
        done,
        {.kind = JobKind::kTest, .index = i, .steps = {steps->second.begin(), steps->second.end()}},
        "test of " + trial.id);
  }
  return phase;
}

/// The gallery under the study's first seed and rate, of the cells that learn from [base]'s
/// samples; of a cell whose mapping changes, the first.
void draw_gallery(const StudyPlan& plan, const StudyFolder& folder) {
  if (fs::exists(folder.gallery(plan))) {
    return;
  }
  JobRunner runner(plan, folder, "");
  const TrialConfig& base = plan.trials.front().config;
  std::vector<ReadyMapping> owned;
  std::vector<std::pair<std::string, Mapping*>> mappings;
  for (const PlannedTrial& trial : plan.trials) {
    const bool first_of_its_cell = trial.config.seed == base.seed &&
                                   trial.config.train.rate == base.train.rate &&
                                   config_text(trial.config.data) == config_text(base.data);
    if (first_of_its_cell) {
      owned.push_back(runner.mapping(phases(trial).front()));
      mappings.emplace_back(plan.cells[trial.cell].record.name, owned.back().mapping.get());
    }
  }
  write_gallery(folder.gallery(plan), make_gallery(runner.splits(base.data), base, mappings));
}

/// Results in one folder belong to one data set and one definition of views; other files under the
/// same path, or a newer definition, are refused.
void check_data(const StudyFolder& folder, const Splits& splits) {
  const std::string found =
      fmt::format("training samples {}\nviews {}\n", splits.train.fingerprint().hex(),
                  ViewPolicy().fingerprint().hex());
  if (!fs::exists(folder.data())) {
    write_file_atomically(folder.data(), found);
  } else if (read_file(folder.data()) != found) {
    throw std::runtime_error(fmt::format(
        "{} holds results of other data: expected\n{}found\n{}choose another --out, or bring the "
        "old data back",
        folder.root().string(), read_file(folder.data()), found));
  }
}

}  // namespace

StudyRecord run_study(const StudyPlan& plan, const StudyFolder& folder, const StudyOptions& options,
                      StudyObserver& observer, std::stop_token stop) {
  {
    const Splits splits = load_splits(plan.base.data);
    check_plan(plan, splits);
    check_data(folder, splits);
  }
  write_file_atomically(folder.config(), plan.text);
  WorkerPool pool(options.worker_command, options.workers);
  for (const auto& make_phase : {teach_phase, label_phase, train_phase, test_phase}) {
    const Phase phase = make_phase(plan, folder);
    if (phase.jobs.empty() && phase.skipped == 0) {
      continue;
    }
    observer.on_phase(phase.name, phase.jobs.size(), phase.skipped);
    if (!phase.jobs.empty()) {
      pool.run(
          phase.jobs, [&](const PoolProgress& progress) { observer.on_progress(progress); }, stop);
    }
    observer.on_phase_end();
  }
  draw_gallery(plan, folder);
  if (!plan.config.keep_weights) {
    for (const PlannedTrial& trial : plan.trials) {
      drop_weights(folder.trial(trial.id));
    }
  }
  return read_study(folder, plan);
}

}  // namespace tandem
