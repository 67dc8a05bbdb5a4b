#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tandem/jobs/worker_pool.h"

namespace tandem {

/// One child process with pipes to its standard input and output.
class WorkerPool::Worker {
 public:
  Worker(const std::vector<std::string>& command, std::chrono::seconds time_to_end);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void send(const std::string& line);

  /// Lines that have come, after poll() said that output() is readable; `closed` becomes true once
  /// the process has closed its end.
  std::vector<std::string> receive(bool& closed);

  /// Asks the process to end cleanly; end() waits for it, asks where nobody has, kills it where
  /// that takes too long, and says how it ended.
  void ask_to_stop();
  std::string end();

  /// Ends it at once, whatever it does; end() waits for that.
  void kill();

  /// For how long it has said nothing and used no processor.
  std::chrono::seconds idle();

  int output() const { return output_; }

  std::optional<std::size_t> job;  ///< what it does now, as a place in the batch
  double share = 0;                ///< of that job

 private:
  using Clock = std::chrono::steady_clock;

  void close_input();

  /// How the process has ended; nothing where it has not by then.
  std::optional<std::string> ended_by(Clock::time_point limit);

  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string unfinished_line_;
  std::chrono::seconds time_to_end_;
  std::optional<Clock::time_point> end_by_;  ///< once it was asked to
  Clock::time_point last_sign_ = Clock::now();
  std::string last_times_;  ///< of processors, as the kernel told them last
};

}  // namespace tandem
