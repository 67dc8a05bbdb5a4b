#pragma once

#include <stop_token>
#include <string>

#include "tandem/core/config.h"
#include "tandem/core/progress.h"
#include "tandem/sample/data_config.h"
#include "tandem/sample/sample_scores.h"
#include "tandem/sample/splits.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// Which samples a teacher scores, and who it is.
struct TeacherScoreConfig {
  DataConfig data;
  std::string teacher;             ///< path, or several joined by '+'
  std::string ensemble = "probs";  ///< what an ensemble averages: probs or logits
  std::int64_t threads = 1;
  std::string device = "cpu";  ///< cpu, cuda or cuda:N

  void visit(ConfigVisitor& visitor);
};

/// The teacher's probability of each sample's class, on the canonical view: low is hard, near the
/// median of the class is typical. Throws Interrupted on `stop`.
SampleScores score_confidence(Teacher& teacher, const Splits& splits,
                              const OnProgress& progress = {}, std::stop_token stop = {});

/// The place of each sample in its class's herding order (see herding_order) in the teacher's
/// features of canonical views, from 0: low is typical. It does not say what is hard. Throws
/// Interrupted on `stop`.
SampleScores score_herding(Teacher& teacher, const Splits& splits, const OnProgress& progress = {},
                           std::stop_token stop = {});

/// Throws std::invalid_argument where `data` asks for a subset: scores are of the whole training
/// part, so that any subset can be chosen by them.
void check_scored(const DataConfig& data);

}  // namespace tandem
