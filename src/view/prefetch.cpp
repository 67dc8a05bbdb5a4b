#include "tandem/view/prefetch.h"

#include <stdexcept>
#include <utility>

namespace tandem {

PrefetchedBatches::PrefetchedBatches(BatchSource& source, StepRange steps, std::size_t depth)
    : depth_(depth),
      maker_([this, &source, steps](const std::stop_token& stop) { make(source, steps, stop); }) {}

Batch PrefetchedBatches::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty() || ended_; });
  if (ready_.empty()) {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    throw std::out_of_range("prefetched batches: asked for one after the last");
  }
  Batch batch = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return batch;
}

void PrefetchedBatches::make(BatchSource& source, StepRange steps, const std::stop_token& stop) {
  std::exception_ptr failure;
  try {
    for (std::int64_t step = steps.first; step < steps.end && !stop.stop_requested(); ++step) {
      Batch batch = source.batch(step);
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return ready_.size() < depth_; })) {
        return;
      }
      ready_.push_back(std::move(batch));
      lock.unlock();
      changed_.notify_all();
    }
  } catch (...) {
    failure = std::current_exception();
  }
  const std::scoped_lock lock(mutex_);
  failure_ = failure;
  ended_ = true;
  changed_.notify_all();
}

}  // namespace tandem
