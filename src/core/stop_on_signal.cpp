#include "tandem/core/stop_on_signal.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace tandem {
namespace {

constexpr int kInterruptedExitCode = 130;

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGUSR1);  // ends the watcher
  return signals;
}

}  // namespace

StopOnSignal::StopOnSignal() {
  const sigset_t signals = watched_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::thread([this, signals] {
    for (int number = 0; sigwait(&signals, &number) == 0 && number != SIGUSR1;) {
      if (!source_.request_stop()) {
        ::_exit(kInterruptedExitCode);
      }
    }
  });
}

StopOnSignal::~StopOnSignal() {
  pthread_kill(watcher_.native_handle(), SIGUSR1);
  watcher_.join();
}

}  // namespace tandem
