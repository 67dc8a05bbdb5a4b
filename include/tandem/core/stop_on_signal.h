#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>

namespace tandem {

/// Turns the first SIGINT, SIGTERM or SIGHUP (the terminal was closed) into a stop request, so that
/// work can end cleanly; a second one ends the process at once with exit code 130. Signals that are
/// ignored when it is made, as nohup does with SIGHUP, stay ignored. Make it before any other
/// thread exists, since threads inherit the signal mask.
class StopOnSignal {
 public:
  /// With `grace`, a process that has not ended so long after the request is ended as by a second
  /// signal, whatever it hangs in.
  explicit StopOnSignal(std::optional<std::chrono::seconds> grace = {});
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  std::stop_token token() const { return source_.get_token(); }

  /// Asks to stop as a signal would.
  void request() const { source_.request_stop(); }

 private:
  std::stop_source source_;
  std::atomic<bool> ended_{false};
  std::thread watcher_;
};

}  // namespace tandem
