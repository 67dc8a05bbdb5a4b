#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tandem/record/study_folder.h"
#include "tandem/study/data_cache.h"
#include "tandem/study/study_config.h"

namespace tandem {

/// One way to supervise: a row of the grid, before rate and seed.
struct Cell {
  CellRecord record;
  TrialConfig trial;  ///< resolved; rate and seed still those of [base]
  MappingPlan mappings;
};

/// One trial of the grid.
struct PlannedTrial {
  std::string id;         ///< see trial_identity(); empty until identify_trials(), like ...
  ContentRecord content;  ///< ... what the names in its config stand for
  std::size_t cell = 0;
  TrialConfig config;
};

/// A study with its grid spelt out.
struct StudyPlan {
  GridConfig config;
  LadderConfig ladder;  ///< no rungs where no cell needs a teacher
  TrialConfig base;     ///< [base]; the ladder learns from its data
  std::vector<Cell> cells;
  std::vector<PlannedTrial> trials;
  std::string text;  ///< the TOML that gives this plan again

  bool has_ladder() const { return !ladder.rungs.empty(); }
  const Cell& cell_of(const PlannedTrial& trial) const { return cells[trial.cell]; }
};

/// Spells out a study. The first cell is the baseline unless one says so. Throws
/// std::invalid_argument for grids, cells and mappings that make no sense, whatever the data.
StudyPlan plan_study(const StudyConfig& config);

/// Where a study's ladder stands: a folder named by what decides it.
std::filesystem::path ladder_folder(const StudyPlan& plan, const StudyFolder& folder,
                                    DataCache& data);

/// `teacher` with files in place of the names of rungs.
TeacherRef teacher_files(const TeacherRef& teacher, const StudyPlan& plan,
                         const std::filesystem::path& ladder);

/// Gives every trial its id whose teachers are there; those of a ladder are once it is trained.
/// Throws std::invalid_argument where two cells have one.
void identify_trials(StudyPlan& plan, const std::filesystem::path& ladder, DataCache& data);

}  // namespace tandem
