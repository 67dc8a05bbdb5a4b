#include "older_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "tandem/core/atomic_file.h"
#include "tandem/model/weights.h"
#include "tandem/study/ladder.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> folders_in(const fs::path& parent) {
  std::vector<fs::path> folders;
  if (fs::exists(parent)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(parent)) {
      if (entry.is_directory()) {
        folders.push_back(entry.path());
      }
    }
  }
  return folders;
}

/// Whether the folder's results are of [base]'s data and of today's views, as data.txt says.
bool is_of_same_data(const StudyFolder& folder, const StudyRecord& study) {
  const fs::path path = folder.root() / "data.txt";
  return fs::exists(path) &&
         read_file(path) == fmt::format("training samples {}\nviews {}\n", study.train.fingerprint,
                                        study.views_fingerprint);
}

std::vector<std::string> names_of(const std::vector<TeacherRecord>& rungs) {
  std::vector<std::string> names;
  for (const TeacherRecord& rung : rungs) {
    names.push_back(rung.name);
  }
  return names;
}

/// Whether all that a trial needs besides [base]'s data follows from its config.
bool follows_from_config(const StudyPlan& plan, const PlannedTrial& trial) {
  const bool own_files = trial.config.data.choose != "random" || !trial.config.data.samples.empty();
  return !own_files && std::ranges::all_of(plan.cell_of(trial).mappings, [&](const auto& planned) {
    return planned.spec.store.empty() &&
           std::ranges::all_of(planned.spec.teacher.names,
                               [&](const std::string& name) { return plan.ladder.has_rung(name); });
  });
}

/// The config that stands beside an older record, in today's normal form.
std::string config_beside(const fs::path& folder) {
  TrialConfig config;
  ConfigTable::from_file(folder / "config.toml").read_into(config);
  return config_text(resolve(config));
}

/// The folder of an older trial that is the planned one.
fs::path find_trial(const StudyPlan& plan, const StudyFolder& folder, const PlannedTrial& trial) {
  for (const fs::path& found : folders_in(folder.trials())) {
    if (!fs::exists(trial_record_path(found))) {
      continue;
    }
    const TrialRecord record = read_trial(found);
    if (record.cell == plan.cell_of(trial).record.name && record.rate == trial.config.train.rate &&
        record.seed == static_cast<std::uint64_t>(trial.config.seed) &&
        config_beside(found) == config_text(trial.config)) {
      return found;
    }
  }
  return {};
}

}  // namespace

bool is_of_older_format(const StudyFolder& folder) {
  return fs::exists(folder.config()) && !fs::exists(folder.record());
}

void take_over_ladder(const StudyPlan& plan, const StudyFolder& folder, const fs::path& ladder,
                      const StudyRecord& study, StudyObserver& observer) {
  const std::vector<fs::path> found = folders_in(folder.ladders());
  if (!plan.has_ladder() || found.size() != 1 || fs::exists(ladder) ||
      !is_of_same_data(folder, study)) {
    return;
  }
  const StudyConfig earlier = read_study_config(folder.config(), {});
  std::vector<TeacherRecord> rungs = read_ladder(found.front());
  if (config_text(earlier.ladder) != config_text(plan.ladder) ||
      config_text(earlier.base.data) != config_text(plan.base.data) ||
      names_of(rungs) != plan.ladder.rungs) {
    return;
  }
  for (TeacherRecord& rung : rungs) {
    rung.fingerprint = load_model(rung_path(found.front(), rung.name)).fingerprint.hex();
  }
  write_ladder(found.front(), rungs);
  rename_durably(found.front(), ladder);
  observer.on_note(fmt::format("{}: an older format; its {} teachers are kept",
                               folder.root().string(), rungs.size()));
}

void take_over_trials(const StudyPlan& plan, const StudyFolder& folder, const StudyRecord& study,
                      StudyObserver& observer) {
  std::size_t kept = 0;
  for (const PlannedTrial& trial : plan.trials) {
    if (fs::exists(folder.trial(trial.id)) || !follows_from_config(plan, trial) ||
        !is_of_same_data(folder, study)) {
      continue;
    }
    const fs::path found = find_trial(plan, folder, trial);
    if (found.empty()) {
      continue;
    }
    TrialRecord record = read_trial(found);
    record.id = trial.id;
    record.content = trial.content;
    write_file_atomically(trial_record_path(found), to_json(record));
    rename_durably(found, folder.trial(trial.id));
    ++kept;
  }
  observer.on_note(fmt::format("{}: an older format; {} of {} trials are kept",
                               folder.root().string(), kept, plan.trials.size()));
}

}  // namespace tandem
