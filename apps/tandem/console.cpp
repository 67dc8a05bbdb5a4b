#include "console.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace tandem {

void tell(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void hold_console() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
      // The wrong way round, so that reading or writing fails as it would have. The lowest free
      // number is this one.
      ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool flush_results() {
  const bool written = std::fflush(stdout) == 0;
  if (!written) {
    say_results_are_lost(errno);
  }
  return written;
}

void say_results_are_lost(int error) {
  if (error != EPIPE) {
    tell("tandem: cannot write the result to standard output: {}\n", std::strerror(error));
  }
}

}  // namespace tandem
