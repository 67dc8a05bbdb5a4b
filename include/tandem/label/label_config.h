#pragma once

#include <cstdint>
#include <string>

#include "tandem/core/config.h"
#include "tandem/learn/trial_config.h"
#include "tandem/sample/splits.h"
#include "tandem/target/store_description.h"
#include "tandem/target/teacher.h"

namespace tandem {

/// How targets are stored.
struct StoreConfig {
  std::int64_t epochs = 1;        ///< visits of each sample, of granularity `view`
  std::string encoding = "fp32";  ///< fp32, fp16, u8, top-k:K:fp16 or top-k:K:u8

  void visit(ConfigVisitor& visitor);
};

/// What to label, with whom, and how to store it: everything that decides a store's bytes, and how
/// the work is done.
struct LabelConfig {
  DataConfig data;
  ViewConfig views;  ///< of the students to come; seed -1 means 0 here
  TargetConfig target;
  StoreConfig store;
  std::int64_t threads = 1;    ///< per worker
  std::string device = "cpu";  ///< of the teacher: cpu, cuda or cuda:N

  void visit(ConfigVisitor& visitor);
};

/// Checks the combination and blanks what does not apply. Throws std::invalid_argument.
LabelConfig resolve(LabelConfig config);

/// The labelling whose store a trial with a teacher and without a store reads.
LabelConfig label_config_of(const TrialConfig& trial);

/// The store that `config` (resolved) asks for.
StoreDescription describe_store(const LabelConfig& config, const Splits& splits,
                                const Teacher& teacher);

}  // namespace tandem
