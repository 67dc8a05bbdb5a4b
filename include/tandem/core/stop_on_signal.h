#pragma once

#include <stop_token>
#include <thread>

namespace tandem {

/// Turns the first SIGINT or SIGTERM into a stop request, so that work can end cleanly; a second
/// one ends the process at once with exit code 130. Make it before any other thread exists, since
/// threads inherit the signal mask.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::thread watcher_;
};

}  // namespace tandem
