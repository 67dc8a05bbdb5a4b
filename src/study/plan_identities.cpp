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

/// Whether the teachers of a cell are there. (Rungs of an interrupted ladder may yet change.)
bool has_teachers(const StudyPlan& plan, const Cell& cell, bool ladder_is_there) {
  return std::ranges::all_of(teachers_of(cell.mappings), [&](const TeacherRef& teacher) {
    return std::ranges::all_of(teacher.names, [&](const std::string& name) {
      return plan.ladder.has_rung(name) ? ladder_is_there : std::filesystem::exists(name);
    });
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
  const bool ladder_is_there = plan.has_ladder() && !read_ladder(ladder).empty();
  StoreFingerprints stores;
  const TrialSources files{
      .files = [&](const TeacherRef& teacher) { return teacher_files(teacher, plan, ladder); },
      .store = {}};
  for (PlannedTrial& trial : plan.trials) {
    const TrialConfig& config = trial.config;
    const Cell& cell = plan.cell_of(trial);
    trial.id = {};
    trial.content = {};
    if (!has_teachers(plan, cell, ladder_is_there)) {
      continue;
    }
    const TrialContent content = content_of(config, cell.mappings, files, data, stores);
    trial.content = content.record;
    trial.id = fmt::format(
        "r{}-s{}-{}", config.train.rate, config.seed,
        trial_identity(config, content.data, content.sources,
                       total_steps(config.train, data.splits(config.data).train.size())));
  }
  check_identities(plan);
}

}  // namespace tandem
