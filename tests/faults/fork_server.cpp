/// Starts the program without starting LibTorch: one process loads the libraries, waits in front of
/// `main`, and each run is a fork of it. In FAULTS_SERVER stands the socket on which it is asked: a
/// length, then words that end in NUL: folder, standard output, standard error, the number of
/// variables, the variables, the arguments. It answers "PID\n", at the end of that process
/// "STATUS\n", and when the processes that it started have ended too "0\n".
///
/// Processes that a run itself starts from the program's file come about the same way. They are to
/// be its children, with its open files: a fork of the run made before its `main` waits for them,
/// and makes each by a fork in between, whose end leaves it to the run.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fault_plan.h"

extern char** environ;

namespace {

using Main = int (*)(int, char**, char**);
using Words = std::vector<std::string>;

constexpr int kSpawnerDescriptor = 210;  // out of the way of the program's own
constexpr int kAliveDescriptor = 220;

Main real_main = nullptr;
int spawner = -1;  // of this run, the socket of the fork that makes its children

/// What file actions say, which the system does not tell.
auto& redirections() {
  static auto& known = *new std::map<const void*, std::vector<std::pair<int, int>>>;
  return known;
}

bool receive(int socket, void* bytes, std::size_t count) {
  auto* next = static_cast<char*>(bytes);
  while (count > 0) {
    const ssize_t got = ::recv(socket, next, count, 0);
    if (got <= 0) {
      return false;
    }
    next += got;
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

bool receive_words(int socket, Words& words) {
  std::uint32_t length = 0;
  if (!receive(socket, &length, sizeof(length))) {
    return false;
  }
  std::string text(length, '\0');
  if (!receive(socket, text.data(), length)) {
    return false;
  }
  words.clear();
  for (std::size_t place = 0; place < text.size(); place += words.back().size() + 1) {
    words.emplace_back(text.c_str() + place);
  }
  return true;
}

void send_words(int socket, const Words& words) {
  std::string text;
  for (const std::string& word : words) {
    text.append(word).push_back('\0');
  }
  const auto length = static_cast<std::uint32_t>(text.size());
  ::send(socket, &length, sizeof(length), MSG_NOSIGNAL);
  ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
}

/// Open files travel as the system lets them: beside a byte.
void send_files(int socket, const std::vector<int>& files) {
  alignas(cmsghdr) char room[CMSG_SPACE(64 * sizeof(int))] = {};
  char byte = 0;
  iovec content{&byte, 1};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = CMSG_SPACE(files.size() * sizeof(int));
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(files.size() * sizeof(int));
  std::memcpy(CMSG_DATA(header), files.data(), files.size() * sizeof(int));
  ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

std::vector<int> receive_files(int socket, std::size_t count) {
  alignas(cmsghdr) char room[CMSG_SPACE(64 * sizeof(int))] = {};
  char byte = 0;
  iovec content{&byte, 1};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = sizeof(room);
  std::vector<int> files(count, -1);
  if (::recvmsg(socket, &message, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&message) != nullptr) {
    std::memcpy(files.data(), CMSG_DATA(CMSG_FIRSTHDR(&message)), count * sizeof(int));
  }
  return files;
}

[[noreturn]] void run_main(Words& arguments) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  faults::begin();
  const int code = real_main(static_cast<int>(arguments.size()), pointers.data(), environ);
  std::fflush(nullptr);
  ::_exit(code);  // without LibTorch's destructors, which take longer than most runs
}

/// A child of the run with the files `numbers`, of which `files` are copies.
[[noreturn]] void be_spawned(Words& arguments, const std::vector<int>& numbers,
                             const std::vector<int>& files) {
  std::vector<int> apart;  // no copy may stand where another is to go
  for (const int file : files) {
    apart.push_back(::fcntl(file, F_DUPFD_CLOEXEC, 100));
    ::close(file);
  }
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    ::dup2(apart[k], numbers[k]);
    ::close(apart[k]);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setpgid(0, 0);
  ::prctl(PR_SET_NAME, "tandem");
  run_main(arguments);
}

/// Waits for what a run wants started, until the run has ended.
void serve_run(int socket) {
  ::prctl(PR_SET_NAME, "fault-spawner");
  for (Words words; receive_words(socket, words);) {
    std::vector<int> numbers;
    const auto count = static_cast<std::size_t>(std::stoi(words.front()));
    for (std::size_t k = 0; k < count; ++k) {
      numbers.push_back(std::stoi(words[k + 1]));
    }
    Words arguments(words.begin() + static_cast<std::ptrdiff_t>(count) + 1, words.end());
    const std::vector<int> files = receive_files(socket, count);
    const pid_t between = ::fork();
    if (between == 0) {
      const pid_t parent = ::getpid();
      const pid_t child = ::fork();
      if (child == 0) {
        while (::getppid() == parent) {  // until the fork in between has ended
          ::usleep(100);
        }
        ::close(socket);
        be_spawned(arguments, numbers, files);
      }
      ::send(socket, &child, sizeof(child), MSG_NOSIGNAL);
      ::_exit(0);
    }
    ::waitpid(between, nullptr, 0);
    const char ended = 0;
    ::send(socket, &ended, 1, MSG_NOSIGNAL);
    for (const int file : files) {
      ::close(file);
    }
  }
  ::_exit(0);
}

void start_spawner() {
  int ends[2];
  ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
  const int moved = ::fcntl(ends[0], F_DUPFD_CLOEXEC, kSpawnerDescriptor);
  ::close(ends[0]);
  if (::fork() == 0) {
    ::close(moved);
    serve_run(ends[1]);
  }
  ::close(ends[1]);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  spawner = moved;
}

[[noreturn]] void be_run(const Words& words) {
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::chdir(words[0].c_str()) != 0) {
    ::_exit(125);
  }
  const auto variables = static_cast<std::size_t>(std::stoi(words[3]));
  for (std::size_t k = 4; k < 4 + variables; ++k) {
    const std::size_t equals = words[k].find('=');
    ::setenv(words[k].substr(0, equals).c_str(), words[k].c_str() + equals + 1, 1);
  }
  Words arguments(words.begin() + 4 + static_cast<std::ptrdiff_t>(variables), words.end());
  const int input = ::open("/dev/null", O_RDONLY);
  const int output = ::open(words[1].c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644);
  const int error = ::open(words[2].c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644);
  const int from[] = {input, output, error};
  for (int k = 0; k < 3; ++k) {
    ::dup2(from[k], k);
    ::close(from[k]);
  }
  start_spawner();
  run_main(arguments);
}

int serve(int, char**, char**) {
  const int socket = std::atoi(std::getenv("FAULTS_SERVER"));
  ::unsetenv("FAULTS_SERVER");
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // whoever asks is gone, or was killed
  for (Words words; receive_words(socket, words);) {
    int alive[2];  // its second end is open in every process of the run
    if (::pipe(alive) != 0) {
      return 1;
    }
    const pid_t run = ::fork();
    if (run == 0) {
      ::close(socket);
      ::close(alive[0]);
      ::fcntl(alive[1], F_DUPFD_CLOEXEC, kAliveDescriptor);
      ::close(alive[1]);
      be_run(words);
    }
    ::close(alive[1]);
    std::string answer = std::to_string(run) + "\n";
    ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
    int status = 0;
    ::waitpid(run, &status, 0);
    answer = std::to_string(status) + "\n";
    ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
    char none = 0;
    while (::read(alive[0], &none, 1) > 0) {
    }
    ::close(alive[0]);
    ::send(socket, "0\n", 2, MSG_NOSIGNAL);
  }
  return 0;
}

/// What a child gets at a start by exec: all files but those that close then.
std::vector<int> inherited_files() {
  std::vector<int> files;
  DIR* folder = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(folder)) {
    const int file = std::atoi(entry->d_name);
    const int flags =
        entry->d_name[0] == '.' || file == ::dirfd(folder) ? -1 : ::fcntl(file, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) {
      files.push_back(file);
    }
  }
  ::closedir(folder);
  return files;
}

pid_t ask_spawner(const void* actions, char* const* arguments) {
  std::map<int, int> sources;  // number in the child: our file
  for (const int file : inherited_files()) {
    sources[file] = file;
  }
  for (const auto& [from, to] : redirections()[actions]) {
    sources[to] = from;
  }
  Words words{std::to_string(sources.size())};
  std::vector<int> files;
  for (const auto& [number, file] : sources) {
    words.push_back(std::to_string(number));
    files.push_back(file);
  }
  for (; *arguments != nullptr; ++arguments) {
    words.emplace_back(*arguments);
  }
  send_words(spawner, words);
  send_files(spawner, files);
  pid_t child = -1;
  char ended = 0;
  receive(spawner, &child, sizeof(child));
  receive(spawner, &ended, 1);
  return child;
}

}  // namespace

extern "C" {

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t* actions, int from, int to) {
  redirections()[actions].emplace_back(from, to);
  static const auto real = reinterpret_cast<decltype(&posix_spawn_file_actions_adddup2)>(
      ::dlsym(RTLD_NEXT, "posix_spawn_file_actions_adddup2"));
  return real(actions, from, to);
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t* actions) {
  redirections().erase(actions);
  static const auto real = reinterpret_cast<decltype(&posix_spawn_file_actions_destroy)>(
      ::dlsym(RTLD_NEXT, "posix_spawn_file_actions_destroy"));
  return real(actions);
}

int posix_spawn(pid_t* process, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const* arguments,
                char* const* environment) {
  char program[4096];
  const ssize_t length = ::readlink("/proc/self/exe", program, sizeof(program));
  if (spawner >= 0 && length > 0 &&
      std::string(program, static_cast<std::size_t>(length)) == path) {
    *process = ask_spawner(actions, arguments);
    return 0;
  }
  static const auto real =
      reinterpret_cast<decltype(&posix_spawn)>(::dlsym(RTLD_NEXT, "posix_spawn"));
  return real(process, path, actions, attributes, arguments, environment);
}

int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(),
                      void (*rtld_fini)(), void* stack_end) {
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  static const auto real = reinterpret_cast<Start>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  real_main = main;
  const bool serves = std::getenv("FAULTS_SERVER") != nullptr;
  return real(serves ? serve : main, argc, argv, init, fini, rtld_fini, stack_end);
}

}  // extern "C"
