#pragma once

#include <cstdint>
#include <functional>

namespace tandem {

/// Calls `work(k)` for each k of 0..count-1 on `threads` threads of its own (0: one per core), in
/// about that order. Meanwhile `tick(done)` is called on this thread, ten times a second, and once
/// when all is done. What either throws stops the rest and is thrown here, once all threads have
/// ended.
void for_each_on_threads(std::int64_t count, std::int64_t threads,
                         const std::function<void(std::int64_t)>& work,
                         const std::function<void(std::int64_t done)>& tick);

}  // namespace tandem
