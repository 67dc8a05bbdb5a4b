#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tandem/core/config.h"
#include "tandem/learn/training.h"

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

  /// Whether `name` is one of the rungs.
  bool has_rung(const std::string& name) const;
};

/// Throws std::invalid_argument unless rungs and steps are equally many, ascending, and within the
/// budget.
void check(const LadderConfig& config, std::int64_t train_size);

}  // namespace tandem
