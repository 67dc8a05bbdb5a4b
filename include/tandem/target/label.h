#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <stop_token>

#include "tandem/target/target.h"
#include "tandem/target/teacher.h"
#include "tandem/view/view_policy.h"

namespace tandem {

/// Targets computed once for a whole data set.
struct TargetTable {
  torch::Tensor values;  ///< fp32 [keys, width]: one row per class or per sample
  double teacher_s = 0;  ///< seconds that the teacher took
};

/// Called now and then with the number of samples done.
using LabelProgress = std::function<void(std::int64_t samples)>;

/// Lets `teacher` answer every sample of `dataset` and fuses the answers to one target per key, as
/// `config` (resolved; granularity class or sample) says: on the canonical view, or the mean of
/// `content` over M views drawn from `policy` at epochs kFusionEpoch + 0..M-1 of `view_seed`; per
/// class, the mean over its samples. Throws std::invalid_argument for granularity `view`,
/// Interrupted when `stop` is requested.
TargetTable label_dataset(Teacher& teacher, const Dataset& dataset, const ViewPolicy& policy,
                          const TargetConfig& config, std::uint64_t view_seed,
                          const LabelProgress& progress = {}, std::stop_token stop = {});

}  // namespace tandem
