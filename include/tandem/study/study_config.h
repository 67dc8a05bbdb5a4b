#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tandem/core/config.h"
#include "tandem/learn/trial_config.h"
#include "tandem/record/record.h"
#include "tandem/study/ladder.h"

namespace tandem {

/// What a study's TOML file says at its top level.
struct StudyConfig {
  std::string name = "study";
  std::string title;
  std::string command;                ///< how to run it, for the reader
  std::string expected_time;          ///< on stated hardware, for the reader
  std::vector<std::int64_t> seeds;    ///< one paired trial per seed, cell and rate
  std::vector<double> rates;          ///< learning rates; the same grid for every cell
  std::vector<std::int64_t> budgets;  ///< steps at which cells are compared
  std::vector<double> goals;          ///< accuracies in percent whose reaching is timed
  bool keep_weights = true;           ///< keep students' weights after the test split is read

  void visit(ConfigVisitor& visitor);
};

/// One way to supervise: a row of the grid, before rate and seed.
struct Cell {
  CellRecord record;
  TrialConfig trial;  ///< resolved; rate and seed still those of [base]

  /// What decides the targets of all its mappings besides the config: the ladder's config and data,
  /// or fingerprints of the teachers' files and of the stores; empty without any.
  std::string teacher_identity;

  std::string data_identity;  ///< see identify_data_files
};

/// One trial of the grid.
struct PlannedTrial {
  std::string id;  ///< cell, rate, seed and a hash of everything that decides the result
  std::size_t cell = 0;
  TrialConfig config;
};

/// A study with its grid spelled out.
struct StudyPlan {
  StudyConfig config;
  LadderConfig ladder;  ///< no rungs where no cell needs a teacher
  TrialConfig base;     ///< [base]; the ladder learns from its data
  std::vector<Cell> cells;
  std::vector<PlannedTrial> trials;
  std::string text;  ///< the TOML that gives this plan again

  /// By a teacher's name in a target, what decides its answers: the ladder's config and data, or
  /// the fingerprint of the checkpoint's file.
  std::map<std::string, std::string> teacher_identities;

  std::string base_data_identity;  ///< that of base.data

  bool has_ladder() const { return !ladder.rungs.empty(); }
};

/// The trial as it is under each of its mappings in turn: the same but for config.target, which has
/// no rules any more. One element where the mapping never changes.
std::vector<PlannedTrial> phases(const PlannedTrial& planned);

/// Spells out a study: top-level keys (StudyConfig), [teach] (LadderConfig), [base] (TrialConfig)
/// and [[cell]] tables, each of which overrides keys of [base]; a list stands for one cell per
/// value (all combinations), those of train.evaluate_at and target.switch aside. A cell may set
/// `name` and `baseline = true`; the first is the baseline otherwise. Throws std::invalid_argument
/// with file and line.
StudyPlan plan_study(const ConfigTable& table);

/// plan_study of a study that is made and not read; `cells` holds its [[cell]] tables as TOML.
StudyPlan plan_study(const StudyConfig& study, const TrialConfig& base, const std::string& cells);

/// plan_study of a file with `key=value` overrides ("base.train.steps=100", "seeds=[0, 1]").
StudyPlan plan_study(const std::filesystem::path& file, const std::vector<std::string>& overrides);

}  // namespace tandem
