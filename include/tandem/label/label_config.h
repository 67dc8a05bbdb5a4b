#pragma once

#include <cstdint>
#include <string>

#include "tandem/core/config.h"
#include "tandem/dataset/dataset.h"
#include "tandem/sample/data_config.h"
#include "tandem/target/encoding.h"
#include "tandem/target/store_description.h"
#include "tandem/target/target_config.h"
#include "tandem/target/teacher.h"
#include "tandem/view/view_config.h"

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

/// The labelling whose store a student reads where `mapping` asks for labelled targets. `views` are
/// the student's.
LabelConfig labelling_of(const MappingSpec& mapping, const DataConfig& data,
                         const ViewConfig& views);

/// The store that `config` (resolved) asks for: targets that `teacher` gives to `samples`.
StoreDescription describe_store(const LabelConfig& config, const Dataset& samples,
                                const Teacher& teacher);

}  // namespace tandem
