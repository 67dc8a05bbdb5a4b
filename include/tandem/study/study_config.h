#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tandem/core/config.h"
#include "tandem/learn/trial_config.h"
#include "tandem/study/ladder_config.h"

namespace tandem {

/// What a study's TOML file says at its top level.
struct GridConfig {
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

/// A row of the grid as it is said: a trial, of which rate and seed are [base]'s.
struct CellConfig {
  std::string name;  ///< empty: what it changes of [base] names it
  bool baseline = false;
  TrialConfig trial;

  void visit(ConfigVisitor& visitor);
};

/// A study as it is said, by a file or by a program.
struct StudyConfig {
  GridConfig grid;
  LadderConfig ladder;  ///< [teach]; no rungs: there is none
  TrialConfig base;
  std::vector<CellConfig> cells;
  std::string text;  ///< TOML that says the same
};

/// Reads top-level keys (GridConfig), [teach] (LadderConfig), [base] (TrialConfig) and [[cell]]
/// tables, each of which overrides keys of [base]; a list stands for one cell per value (all
/// combinations), those of train.evaluate_at and target.switch aside. Throws std::invalid_argument
/// with file and line.
StudyConfig read_study_config(const ConfigTable& table);

/// The same of a file with `key=value` overrides ("base.train.steps=100", "seeds=[0, 1]").
StudyConfig read_study_config(const std::filesystem::path& file,
                              const std::vector<std::string>& overrides);

/// TOML that says what a program said: `config` without its text.
std::string study_text(const StudyConfig& config);

}  // namespace tandem
