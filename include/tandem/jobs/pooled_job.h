#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace tandem {

/// A job, in the line of text that a worker understands, with a title for people and its share of
/// the work, in any unit that is the same for all jobs of a batch.
struct PooledJob {
  std::string line;
  std::string title;
  double cost = 1;
};

/// A job of a batch that could not be done, and why.
struct FailedJob {
  std::string title;
  std::string reason;
};

/// How far a batch of jobs has come.
struct PoolProgress {
  std::size_t done = 0;  ///< failed ones included
  std::size_t total = 0;
  double share = 0;                  ///< of the cost, 0..1
  std::vector<std::string> running;  ///< titles of what workers do now
  std::vector<FailedJob> failed;     ///< so far
};

using OnPoolProgress = std::function<void(const PoolProgress&)>;

/// For batches of which every job is needed: throws std::runtime_error that says which failed first
/// and why, if any did.
void check_none_failed(const std::vector<FailedJob>& failures);

}  // namespace tandem
