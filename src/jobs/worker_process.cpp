#include "worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

extern char** environ;

namespace tandem {
namespace {

// A process that has closed its output has ended, or will at once.
constexpr std::chrono::milliseconds kToEnd{5000}, kLook{10};

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe to a worker");
  }
  return ends;
}

/// Starts `command` with the given standard input and output, in a process group of its own (so
/// that Ctrl-C reaches the parent alone, which then asks its workers) and with no signal blocked.
pid_t spawn(const std::vector<std::string>& command, int input, int output) {
  std::vector<char*> arguments;
  for (const std::string& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

  pid_t process = -1;
  const int error =
      posix_spawn(&process, arguments.front(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::runtime_error(
        fmt::format("cannot start worker {}: {}", command.front(), std::strerror(error)));
  }
  return process;
}

}  // namespace

WorkerPool::Worker::Worker(const std::vector<std::string>& command) {
  const std::array<int, 2> to_child = make_pipe();
  const std::array<int, 2> from_child = make_pipe();
  input_ = to_child[1];
  output_ = from_child[0];
  process_ = spawn(command, to_child[0], from_child[1]);
  ::close(to_child[0]);
  ::close(from_child[1]);
}

WorkerPool::Worker::~Worker() {
  if (process_ > 0) {
    ask_to_stop();
    wait();
  }
  close_input();
  ::close(output_);
}

void WorkerPool::Worker::send(const std::string& line) {
  const std::string text = line + "\n";
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t written = ::write(input_, left.data(), left.size());
    if (written < 0 && errno != EINTR) {
      close_input();  // a worker that lives then ends, and either is noticed by its output
      return;
    }
    left.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
}

std::vector<std::string> WorkerPool::Worker::receive(bool& closed) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(output_, buffer.data(), buffer.size());
  closed = count == 0 || (count < 0 && errno != EINTR);
  std::vector<std::string> lines;
  for (ssize_t i = 0; i < count; ++i) {
    if (buffer[static_cast<std::size_t>(i)] == '\n') {
      lines.push_back(std::exchange(unfinished_line_, {}));
    } else {
      unfinished_line_ += buffer[static_cast<std::size_t>(i)];
    }
  }
  return lines;
}

void WorkerPool::Worker::ask_to_stop() {
  ::kill(process_, SIGTERM);  // ends a job
  close_input();              // ends the wait for one
}

void WorkerPool::Worker::close_input() {
  if (input_ >= 0) {
    ::close(std::exchange(input_, -1));
  }
}

std::string WorkerPool::Worker::wait_or_stop() {
  siginfo_t ended{};
  for (auto waited = kToEnd.zero(); waited < kToEnd && ended.si_pid == 0; waited += kLook) {
    if (::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0) {
      break;
    }
    std::this_thread::sleep_for(ended.si_pid == 0 ? kLook : kLook.zero());
  }
  if (ended.si_pid != 0) {
    return wait();
  }
  ask_to_stop();
  wait();
  return "no longer answered and was stopped";
}

std::string WorkerPool::Worker::wait() {
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return WIFSIGNALED(status) ? fmt::format("was killed by signal {} ({})", WTERMSIG(status),
                                           strsignal(WTERMSIG(status)))
                             : fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace tandem
