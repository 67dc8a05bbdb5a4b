#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "tandem/label/label_config.h"

namespace tandem {

struct LabelOptions {
  std::size_t workers = 1;
  std::vector<std::string> worker_command;  ///< starts one worker on this store
  std::string command;                      ///< what the user typed, for the record
};

/// How far labelling has come.
struct LabelState {
  bool preparing = false;  ///< clusters or principal components are being found
  double share = 0;        ///< 0..1, what an earlier run did included
  double targets = 0;      ///< done so far
  std::int64_t total = 0;  ///< targets in all
};

/// Labels into `store` with worker processes that share the shards, then merges; what an
/// interrupted run has done is kept and not done again. The bytes do not depend on the number of
/// workers. Returns false where the store was there already. Throws std::invalid_argument where
/// another store stands in its place, and what WorkerPool::run throws.
bool run_label(const LabelConfig& config, const std::filesystem::path& store,
               const LabelOptions& options, const std::function<void(const LabelState&)>& observe,
               std::stop_token stop = {});

/// The worker's side: serves the jobs of run_label for `store` on the standard streams.
void serve_label_jobs(const std::filesystem::path& store, std::stop_token stop);

}  // namespace tandem
