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
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "tandem/core/system_error.h"

extern char** environ;

namespace tandem {
namespace {

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
    throw_system_error("cannot start worker", command.front(), error);
  }
  return process;
}

constexpr std::chrono::milliseconds kLookEvery{20};
constexpr std::chrono::seconds kOwnEnd{2};

/// What the kernel tells of a process: see proc(5), stat.
struct ProcessState {
  std::string state;  ///< "D": waits for a disk
  std::string times;  ///< processor time in its own and the system's code
};

ProcessState state_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string text;
  std::getline(file, text);
  // The second field is a name in parentheses that may hold anything; the times are 14 and 15.
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
  ProcessState found;
  std::string field, system;
  fields >> found.state;
  for (int k = 4; k < 14; ++k) {
    fields >> field;
  }
  fields >> found.times >> system;
  found.times += " " + system;
  return found;
}

std::string ending_of(int status) {
  return WIFSIGNALED(status) ? fmt::format("was killed by signal {} ({})", WTERMSIG(status),
                                           strsignal(WTERMSIG(status)))
                             : fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

WorkerPool::Worker::Worker(const std::vector<std::string>& command,
                           std::chrono::seconds time_to_end)
    : time_to_end_(time_to_end) {
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
    end();
  }
  close_input();
  ::close(output_);
}

void WorkerPool::Worker::send(const std::string& line) {
  last_sign_ = Clock::now();
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
  last_sign_ = Clock::now();
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
  if (!end_by_) {  // a second signal would end it without its saving anything
    end_by_ = Clock::now() + time_to_end_;
    ::kill(process_, SIGTERM);  // ends a job
    close_input();              // ends the wait for one
  }
}

void WorkerPool::Worker::close_input() {
  if (input_ >= 0) {
    ::close(std::exchange(input_, -1));
  }
}

std::optional<std::string> WorkerPool::Worker::ended_by(Clock::time_point limit) {
  while (true) {
    int status = 0;
    const pid_t ended = ::waitpid(process_, &status, WNOHANG);
    if (ended != 0 && !(ended < 0 && errno == EINTR)) {
      process_ = -1;
      return ending_of(status);
    }
    if (Clock::now() >= limit) {
      return std::nullopt;
    }
    std::this_thread::sleep_for(kLookEvery);
  }
}

std::string WorkerPool::Worker::end() {
  if (!end_by_) {  // it closed its output, as it does when it ends
    if (const auto ending = ended_by(Clock::now() + kOwnEnd)) {
      return *ending;
    }
    ask_to_stop();
  }
  if (const auto ending = ended_by(*end_by_)) {
    return *ending;
  }
  kill();
  if (const auto ending = ended_by(Clock::now() + time_to_end_)) {
    return *ending;
  }
  process_ = -1;
  return "cannot be killed";  // a disk that does not answer holds it
}

void WorkerPool::Worker::kill() {
  ::kill(process_, SIGKILL);
}

std::chrono::seconds WorkerPool::Worker::idle() {
  if (ProcessState now = state_of(process_); now.times != last_times_ || now.state == "D") {
    last_times_ = std::move(now.times);
    last_sign_ = Clock::now();
  }
  return std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - last_sign_);
}

}  // namespace tandem
