#include "tandem/core/stop_on_signal.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace tandem {
namespace {

constexpr int kInterruptedExitCode = 130;
constexpr int kEndOfWatch = SIGUSR1;

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, kEndOfWatch);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(number)) {
      sigaddset(&signals, number);
    }
  }
  return signals;
}

/// The next of `signals`; negative where none comes within `limit`.
int wait_for(const sigset_t& signals, std::optional<std::chrono::seconds> limit) {
  const timespec time{.tv_sec = limit ? limit->count() : 0, .tv_nsec = 0};
  while (true) {
    const int number =
        limit ? ::sigtimedwait(&signals, nullptr, &time) : ::sigwaitinfo(&signals, nullptr);
    if (number > 0 || errno != EINTR) {
      return number;
    }
  }
}

}  // namespace

StopOnSignal::StopOnSignal(std::optional<std::chrono::seconds> grace) {
  const sigset_t signals = watched_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::thread([this, signals, grace] {
    std::optional<std::chrono::seconds> limit;
    while (true) {
      const int number = wait_for(signals, limit);
      if (ended_) {
        return;
      }
      if (number == kEndOfWatch) {
        continue;  // somebody else's, which must not end the watch
      }
      if (!source_.request_stop()) {
        ::_exit(kInterruptedExitCode);
      }
      limit = grace;
    }
  });
}

StopOnSignal::~StopOnSignal() {
  ended_ = true;
  pthread_kill(watcher_.native_handle(), kEndOfWatch);
  watcher_.join();
}

}  // namespace tandem
