#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/core/progress.h"
#include "tandem/label/label_config.h"

namespace tandem {

struct LabelOptions {
  std::size_t workers = 1;
  std::vector<std::string> worker_command;               ///< starts one worker on this store
  std::string command;                                   ///< what the user typed, for the record
  std::function<void(const std::string&)> on_note = {};  ///< told what judge_teacher says
};

/// Labels into `store` with worker processes that share the shards, then merges; what an
/// interrupted run has done is kept and not done again. The bytes do not depend on the number of
/// workers. Progress counts targets, what an earlier run did included; `what` says whether clusters
/// and principal components are being found or targets. Returns false where the store was there
/// already. Throws std::invalid_argument where another store stands in its place, and what
/// WorkerPool::run throws.
bool run_label(const LabelConfig& config, const std::filesystem::path& store,
               const LabelOptions& options, const OnProgress& progress, std::stop_token stop = {});

/// The worker's side: serves the jobs of run_label for `store` on the standard streams.
void serve_label_jobs(const std::filesystem::path& store, std::stop_token stop);

}  // namespace tandem
