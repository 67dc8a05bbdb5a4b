#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "tandem/study/ladder.h"
#include "tandem/study/plan.h"
#include "tandem/target/target_store.h"
#include "trial_content.h"

namespace tandem {
namespace {

/// Whether the teachers of a cell are there.
bool has_teachers(const StudyPlan& plan, const Cell& cell, const std::filesystem::path& ladder) {
  return std::ranges::all_of(teachers_of(cell.mappings), [&](const TeacherRef& teacher) {
    const TeacherRef files = teacher_files(teacher, plan, ladder);
    return std::ranges::all_of(
        files.names, [](const std::string& file) { return std::filesystem::exists(file); });
  });
}

/// One result in two cells would be compared with itself.
void check_identities(const StudyPlan& plan) {
  std::map<std::string, std::size_t> cell_of;
  for (const PlannedTrial& trial : plan.trials) {
    const auto [known, added] = cell_of.try_emplace(trial.id, trial.cell);
    if (!added && !trial.id.empty()) {
      throw std::invalid_argument(fmt::format(
          "study: cells '{}' and '{}' are the same trials: what they say differently (a path, a "
          "name, threads, a device) decides no result; leave one out",
          plan.cells[known->second].record.name, plan.cell_of(trial).record.name));
    }
  }
}

}  // namespace

std::filesystem::path ladder_folder(const StudyPlan& plan, const StudyFolder& folder,
                                    DataCache& data) {
  const Splits& splits = data.splits(plan.base.data);
  return folder.ladder(ladder_identity(plan.ladder, identify(splits),
                                       total_steps(plan.ladder.train, splits.train.size())));
}

TeacherRef teacher_files(const TeacherRef& teacher, const StudyPlan& plan,
                         const std::filesystem::path& ladder) {
  TeacherRef files = teacher;
  for (std::string& name : files.names) {
    if (plan.ladder.has_rung(name)) {
      name = rung_path(ladder, name).string();
    }
  }
  return files;
}

void identify_trials(StudyPlan& plan, const std::filesystem::path& ladder, DataCache& data) {
  std::map<std::string, std::string> stores;
  const auto fingerprint_of_store = [&](const std::string& path) {
    const auto [known, added] = stores.try_emplace(path);
    if (added) {
      known->second = TargetStore(path).fingerprint().hex();
    }
    return known->second;
  };
  const TrialSources files{
      .files = [&](const TeacherRef& teacher) { return teacher_files(teacher, plan, ladder); },
      .store = {}};
  for (PlannedTrial& trial : plan.trials) {
    const TrialConfig& config = trial.config;
    const Cell& cell = plan.cell_of(trial);
    trial.id = {};
    trial.content = {};
    if (!has_teachers(plan, cell, ladder)) {
      continue;
    }
    const TrialContent content =
        content_of(config, cell.mappings, files, fingerprint_of_store, data);
    trial.content = content.record;
    trial.id = fmt::format(
        "r{}-s{}-{}", config.train.rate, config.seed,
        trial_identity(config, content.data, content.sources,
                       total_steps(config.train, data.splits(config.data).train.size())));
  }
  check_identities(plan);
}

}  // namespace tandem
