#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tandem {

/// How far long work has come: `done` of `total`, in whatever unit the work is counted in.
struct Progress {
  std::int64_t done = 0;
  std::int64_t total = 0;  ///< 0: not known
  std::string what;        ///< what is being done, for people; may be empty

  /// 0..1; 0 where the total is not known.
  double share() const {
    return total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0;
  }
};

/// Told now and then, on the thread that does the work. What it throws ends the work; what was kept
/// by then stays.
using OnProgress = std::function<void(const Progress&)>;

}  // namespace tandem
