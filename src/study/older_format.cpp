#include "older_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include "tandem/core/atomic_file.h"
#include "tandem/core/folder_entries.h"
#include "tandem/dataset/catalog.h"
#include "tandem/model/weights.h"
#include "tandem/study/ladder.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> folders_in(const fs::path& parent) {
  std::vector<fs::path> folders;
  if (fs::exists(parent)) {
    std::ranges::copy_if(entries_in(parent), std::back_inserter(folders),
                         [](const fs::path& path) { return fs::is_directory(path); });
  }
  return folders;
}

/// Whether the folder's results are of [base]'s data and of today's views. data.txt names what was
/// learnt from; that speaks for the validation part too where both are of one file, but of pictures
/// one may have changed alone.
bool is_of_same_data(const StudyPlan& plan, const StudyFolder& folder, const StudyRecord& study) {
  const fs::path path = folder.root() / "data.txt";
  return !dataset_info(plan.base.data.name).of_pictures && fs::exists(path) &&
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

/// Whether study.toml asks for the plan's ladder of the plan's data; one that cannot be read any
/// more does not.
bool was_planned_alike(const StudyPlan& plan, const StudyFolder& folder) {
  try {
    const StudyConfig earlier = read_study_config(folder.config(), {});
    return config_text(earlier.ladder) == config_text(plan.ladder) &&
           config_text(earlier.base.data) == config_text(plan.base.data);
  } catch (const std::system_error&) {
    throw;
  } catch (const std::exception&) {
    return false;
  }
}

/// Whether all that a trial needs besides [base]'s data follows from its config: no files of
/// samples, scores or stores, and teachers of the older ladder alone.
bool follows_from_config(const StudyPlan& plan, const PlannedTrial& trial, bool ladder_is_kept) {
  const bool own_files = trial.config.data.choose != "random" || !trial.config.data.samples.empty();
  return !own_files && std::ranges::all_of(plan.cell_of(trial).mappings, [&](const auto& planned) {
    return planned.spec.store.empty() &&
           std::ranges::all_of(planned.spec.teacher.names, [&](const std::string& name) {
             return ladder_is_kept && plan.ladder.has_rung(name);
           });
  });
}

/// A finished trial of the older format is known by its cell, rate, seed and config.
using OldTrial = std::tuple<std::string, double, std::uint64_t, std::string>;

/// Those of the folder by what they are known by; what cannot be read any more is none.
std::map<OldTrial, fs::path> old_trials(const StudyFolder& folder) {
  std::map<OldTrial, fs::path> trials;
  for (const fs::path& path : folders_in(folder.trials())) {
    const fs::path config_path = path / "config.toml";
    if (!fs::exists(trial_record_path(path)) || !fs::exists(config_path)) {
      continue;
    }
    try {
      const TrialRecord record = read_trial(path);
      TrialConfig config;
      ConfigTable::from_file(config_path).read_into(config);
      trials[{record.cell, record.rate, record.seed, config_text(resolve(config))}] = path;
    } catch (const std::system_error&) {
      throw;
    } catch (const std::exception&) {
    }
  }
  return trials;
}

}  // namespace

bool is_of_older_format(const StudyFolder& folder) {
  return fs::exists(folder.config()) && !fs::exists(folder.record());
}

void take_over_ladder(const StudyPlan& plan, const StudyFolder& folder, const fs::path& ladder,
                      const StudyRecord& study, StudyObserver& observer) {
  const std::vector<fs::path> found = folders_in(folder.ladders());
  if (!plan.has_ladder() || found.size() != 1 || fs::exists(ladder) ||
      !is_of_same_data(plan, folder, study)) {
    return;
  }
  std::vector<TeacherRecord> rungs = read_ladder(found.front());
  if (!was_planned_alike(plan, folder) || names_of(rungs) != plan.ladder.rungs) {
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

void take_over_trials(const StudyPlan& plan, const StudyFolder& folder, const fs::path& ladder,
                      const StudyRecord& study, StudyObserver& observer) {
  const bool ladder_is_kept = plan.has_ladder() && !says_its_identity(ladder);
  std::map<OldTrial, fs::path> known =
      is_of_same_data(plan, folder, study) ? old_trials(folder) : std::map<OldTrial, fs::path>{};
  std::size_t kept = 0;
  for (const PlannedTrial& trial : plan.trials) {
    const auto found =
        known.find({plan.cell_of(trial).record.name, trial.config.train.rate,
                    static_cast<std::uint64_t>(trial.config.seed), config_text(trial.config)});
    if (fs::exists(folder.trial(trial.id)) || found == known.end() ||
        !follows_from_config(plan, trial, ladder_is_kept)) {
      continue;
    }
    TrialRecord record = read_trial(found->second);
    record.id = trial.id;
    record.content = trial.content;
    record.tests.clear();  // of a test split that nothing names; its weights are there
    write_file_atomically(trial_record_path(found->second), to_json(record));
    rename_durably(found->second, folder.trial(trial.id));
    ++kept;
  }
  observer.on_note(fmt::format("{}: an older format; {} of {} trials are kept",
                               folder.root().string(), kept, plan.trials.size()));
}

}  // namespace tandem
