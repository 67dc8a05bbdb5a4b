#include "on_threads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "tandem/core/machine.h"

namespace tandem {
namespace {

constexpr std::chrono::milliseconds kTickInterval{100};

/// What the threads share. The next piece of work is a number, so there is no queue to bound.
struct Crew {
  std::atomic<std::int64_t> next{0};
  std::atomic<std::int64_t> done{0};
  std::mutex mutex;
  std::condition_variable somebody_ended;
  std::int64_t at_work = 0;
  std::exception_ptr failure;
};

}  // namespace

void for_each_on_threads(std::int64_t count, std::int64_t threads,
                         const std::function<void(std::int64_t)>& work,
                         const std::function<void(std::int64_t done)>& tick) {
  if (threads <= 0) {
    threads = static_cast<std::int64_t>(usable_processors());
  }
  threads = std::min(threads, count);
  Crew crew;
  crew.at_work = threads;
  const auto run = [&](const std::stop_token& stop) {
    try {
      for (auto k = crew.next++; k < count && !stop.stop_requested(); k = crew.next++) {
        work(k);
        ++crew.done;
      }
    } catch (...) {
      crew.next = count;
      const std::lock_guard lock(crew.mutex);
      crew.failure = crew.failure ? crew.failure : std::current_exception();
    }
    const std::lock_guard lock(crew.mutex);
    --crew.at_work;
    crew.somebody_ended.notify_one();
  };

  std::vector<std::jthread> pool;  // whose destructor asks all to stop and waits for them
  for (std::int64_t k = 0; k < threads; ++k) {
    pool.emplace_back(run);
  }
  std::unique_lock lock(crew.mutex);
  while (crew.at_work > 0) {
    crew.somebody_ended.wait_for(lock, kTickInterval, [&] { return crew.at_work == 0; });
    lock.unlock();
    tick(crew.done);
    lock.lock();
  }
  if (crew.failure) {
    std::rethrow_exception(crew.failure);
  }
  tick(count);
}

}  // namespace tandem
