#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "tandem/jobs/worker_pool.h"

namespace tandem {

/// One child process with pipes to its standard input and output.
class WorkerPool::Worker {
 public:
  explicit Worker(const std::vector<std::string>& command);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void send(const std::string& line);

  /// Lines that have come, after poll() said that output() is readable; `closed` becomes true once
  /// the process has closed its end.
  std::vector<std::string> receive(bool& closed);

  /// Asks the process to end cleanly; wait() waits for it and says how it ended.
  void ask_to_stop();
  std::string wait();

  /// How a process ended that has closed its output; one that then lives on is stopped.
  std::string wait_or_stop();

  int output() const { return output_; }

  std::optional<std::size_t> job;  ///< what it does now, as a place in the batch
  double share = 0;                ///< of that job

 private:
  void close_input();

  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string unfinished_line_;
};

}  // namespace tandem
