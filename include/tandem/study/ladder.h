#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/learn/fit.h"
#include "tandem/learn/trial_config.h"
#include "tandem/record/record.h"

namespace tandem {

/// A ladder of teachers, weak to strong: one training run, saved at several steps. It learns from
/// one-hot targets in the direct form, on the same training split as the students.
struct LadderConfig {
  std::int64_t seed = 1000;         ///< apart from the students' seeds
  std::vector<std::string> rungs;   ///< names, e.g. ["weak", "strong"]
  std::vector<std::int64_t> steps;  ///< where each rung is saved, ascending
  double smoothing = 0;             ///< label smoothing of the teacher's own targets
  ViewConfig views;
  ModelConfig model;
  TrainConfig train;

  void visit(ConfigVisitor& visitor);
};

/// Throws std::invalid_argument unless rungs and steps are equally many, ascending, and within the
/// budget.
void check(const LadderConfig& config, std::int64_t train_size);

/// Where a rung's checkpoint stands in the ladder's folder.
std::filesystem::path rung_path(const std::filesystem::path& folder, const std::string& rung);

/// Where a ladder's records stand once it is finished, and its training state until then.
std::filesystem::path ladder_path(const std::filesystem::path& folder);
std::filesystem::path ladder_checkpoint_path(const std::filesystem::path& folder);

/// Trains the ladder into `folder`: one checkpoint per rung and ladder.json with their records,
/// which comes last and marks the ladder as done. A finished ladder is read, an interrupted one
/// goes on.
std::vector<TeacherRecord> train_ladder(const LadderConfig& config, const DataConfig& data,
                                        const std::filesystem::path& folder, FitObserver& observer,
                                        std::stop_token stop = {});

/// Records of a finished ladder; empty if it is not finished.
std::vector<TeacherRecord> read_ladder(const std::filesystem::path& folder);

}  // namespace tandem
