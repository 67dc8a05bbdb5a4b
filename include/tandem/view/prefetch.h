#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "tandem/view/batch_source.h"

namespace tandem {

/// Steps first, first + 1, ..., end - 1.
struct StepRange {
  std::int64_t first = 0;
  std::int64_t end = 0;
};

/// The batches of `steps` in order, made by a thread of their own ahead of their use, so that a
/// training step does not wait for views. They are the batches that the source makes itself, bit
/// for bit. At most `depth` are kept ready, besides the one in the making.
class PrefetchedBatches {
 public:
  static constexpr std::size_t kDepth = 2;

  /// `source` must outlive this and not be asked for batches meanwhile.
  PrefetchedBatches(BatchSource& source, StepRange steps, std::size_t depth = kDepth);

  PrefetchedBatches(const PrefetchedBatches&) = delete;
  PrefetchedBatches& operator=(const PrefetchedBatches&) = delete;

  /// The next batch; waits if it is not ready. Throws what the source threw in making it, and
  /// std::out_of_range after the last.
  Batch next();

 private:
  void make(BatchSource& source, StepRange steps, const std::stop_token& stop);

  const std::size_t depth_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Batch> ready_;
  std::exception_ptr failure_;
  bool ended_ = false;
  std::jthread maker_;  // last: ends before what it uses
};

}  // namespace tandem
