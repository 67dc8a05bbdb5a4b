#include "fault_plan.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace faults {
namespace {

constexpr int kLogDescriptor = 200;  // out of the way of the program's own
constexpr unsigned kProcesses = 64;
constexpr const char* kPipe = "pipe";

/// What all processes of a run share, in the file FAULTS_COUNT.
struct Shared {
  std::atomic<unsigned long> calls;
  std::atomic<unsigned> processes;
  std::atomic<int> ids[kProcesses];
};

/// Without constructors and destructors, since calls come before those of this library and after.
struct Plan {
  char folder[PATH_MAX];  // FAULTS_FOLDER: calls on files below it are counted
  bool pipes;             // FAULTS_PIPES: and those on pipes
  unsigned long at;       // FAULTS_AT: the call that fails; none: 0
  bool stays;             // FAULTS_STAYS: and all later ones that a full disk would make fail
  char how[16];           // FAULTS_HOW: EIO, ..., short, kill, kill-tree
  int error;
  int log;  // FAULTS_LOG
  Shared* shared;
  bool begun;
};

constinit Plan plan{};

const char* setting(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

int error_named(std::string_view name) {
  constexpr struct {
    std::string_view name;
    int number;
  } kErrors[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EMFILE", EMFILE}, {"ENOMEM", ENOMEM},
                 {"EACCES", EACCES}, {"EINTR", EINTR},   {"EPIPE", EPIPE},   {"EAGAIN", EAGAIN}};
  for (const auto& error : kErrors) {
    if (error.name == name) {
      return error.number;
    }
  }
  return 0;
}

int open_raw(const char* path, int flags) {
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0644));
}

/// The whole run at once, as when the machine goes down.
void kill_tree() {
  const pid_t session = ::getsid(0);
  for (unsigned i = 0; i < plan.shared->processes.load() && i < kProcesses; ++i) {
    const pid_t process = plan.shared->ids[i].load();
    if (process > 0 && process != ::getpid() && ::getsid(process) == session) {
      ::kill(process, SIGKILL);
    }
  }
}

void note(const char* word, unsigned long number, const char* call, const char* path) {
  char line[PATH_MAX + 128];
  const int length = std::snprintf(line, sizeof(line), "%s %lu %d %s %s\n", word, number,
                                   static_cast<int>(::getpid()), call, path);
  if (plan.log >= 0 && length > 0) {
    ::syscall(SYS_write, plan.log, line, static_cast<std::size_t>(length));
  }
}

bool suits_full_disk(std::string_view call, std::string_view path) {
  if (path == kPipe) {
    return false;
  }
  return call == "write" || call == "flush" || call == "pwrite" || call == "create" ||
         call == "fsync" || call == "mkdir" || call == "ftruncate";
}

Verdict count(const char* call, const char* path) {
  const unsigned long number = plan.shared->calls.fetch_add(1) + 1;
  note("call", number, call, path);
  const bool later = plan.stays && plan.at > 0 && number > plan.at && suits_full_disk(call, path);
  if (number != plan.at && !later) {
    return {};
  }
  note("hit", number, call, path);
  const std::string_view how = plan.how;
  if (how == "kill-tree") {
    kill_tree();
  }
  if (how.starts_with("kill")) {
    ::kill(::getpid(), SIGKILL);
  }
  if (how == "short") {
    return {.cut_short = true};
  }
  return {.fails = true, .error = plan.error};
}

bool is_counted(std::string_view path) {
  const std::string_view folder = plan.folder;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool counts() {
  if (!plan.begun) {
    begin();
  }
  return plan.shared != nullptr;
}

std::string path_of(int descriptor) {
  char link[64], path[PATH_MAX];
  std::snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
  const ssize_t length = ::readlink(link, path, sizeof(path));
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string();
}

}  // namespace

void begin() {
  plan = {};
  plan.begun = true;
  const char* count = setting("FAULTS_COUNT");
  if (*count == '\0') {
    return;
  }
  const int file = open_raw(count, O_RDWR | O_CREAT);
  if (file < 0 || ::syscall(SYS_ftruncate, file, sizeof(Shared)) != 0) {
    std::abort();
  }
  void* address = reinterpret_cast<void*>(
      ::syscall(SYS_mmap, nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
  ::syscall(SYS_close, file);
  std::snprintf(plan.folder, sizeof(plan.folder), "%s", setting("FAULTS_FOLDER"));
  std::snprintf(plan.how, sizeof(plan.how), "%s", setting("FAULTS_HOW"));
  plan.pipes = *setting("FAULTS_PIPES") != '\0';
  plan.at = std::strtoul(setting("FAULTS_AT"), nullptr, 10);
  plan.stays = *setting("FAULTS_STAYS") != '\0';
  plan.error = error_named(plan.how);
  const int log = open_raw(setting("FAULTS_LOG"), O_WRONLY | O_CREAT | O_APPEND);
  plan.log = ::fcntl(log, F_DUPFD_CLOEXEC, kLogDescriptor);
  ::syscall(SYS_close, log);
  plan.shared = static_cast<Shared*>(address);
  const unsigned place = plan.shared->processes.fetch_add(1);
  if (place < kProcesses) {
    plan.shared->ids[place] = ::getpid();
  }
}

Verdict meet(const char* call, const char* path) {
  return meet_in(call, AT_FDCWD, path);
}

Verdict meet(const char* call, int descriptor) {
  if (!counts() || descriptor < 0) {
    return {};
  }
  const std::string path = path_of(descriptor);
  const bool pipe = path.starts_with("pipe:");
  return (pipe ? plan.pipes : is_counted(path)) ? count(call, pipe ? kPipe : path.c_str())
                                                : Verdict{};
}

Verdict meet_in(const char* call, int folder, const char* path) {
  if (!counts() || path == nullptr) {
    return {};
  }
  std::string whole = path;
  if (*path != '/') {
    char here[PATH_MAX];
    const bool current = folder == AT_FDCWD;
    whole = current && ::getcwd(here, sizeof(here)) != nullptr ? here : path_of(folder);
    whole += std::string("/") + path;
  }
  return is_counted(whole) ? count(call, whole.c_str()) : Verdict{};
}

}  // namespace faults
