#include "tandem/core/stop_on_signal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace tandem {
namespace {

constexpr int kStopRequested = 10;

/// Sends `signals` to this process and exits with kStopRequested if only a stop was asked for.
void exit_after(int signals, int number) {
  const StopOnSignal stop;
  for (int sent = 0; sent < signals; ++sent) {
    ::kill(::getpid(), number);
    for (int wait = 0; wait < 1000 && !stop.token().stop_requested(); ++wait) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  // The second signal ends the process from the watching thread; give it time to.
  std::this_thread::sleep_for(std::chrono::milliseconds(signals > 1 ? 2000 : 0));
  ::_exit(stop.token().stop_requested() ? kStopRequested : 0);
}

class StopOnSignalDeathTest : public testing::Test {
 protected:
  // A process of its own per case, since signal masks last.
  void SetUp() override { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};

TEST_F(StopOnSignalDeathTest, AsksToStopOnTheFirstSignal) {
  EXPECT_EXIT(exit_after(1, SIGINT), testing::ExitedWithCode(kStopRequested), "");
  EXPECT_EXIT(exit_after(1, SIGTERM), testing::ExitedWithCode(kStopRequested), "");
  EXPECT_EXIT(exit_after(1, SIGHUP), testing::ExitedWithCode(kStopRequested), "");
}

TEST_F(StopOnSignalDeathTest, EndsTheProcessOnTheSecond) {
  EXPECT_EXIT(exit_after(2, SIGINT), testing::ExitedWithCode(130), "");
}

TEST_F(StopOnSignalDeathTest, LeavesIgnoredSignalsIgnored) {
  const auto exit_after_ignored = [] {
    ::signal(SIGHUP, SIG_IGN);  // as nohup does
    exit_after(1, SIGHUP);
  };
  EXPECT_EXIT(exit_after_ignored(), testing::ExitedWithCode(0), "");
}

TEST_F(StopOnSignalDeathTest, IsNotEndedByASignalThatItUsesItself) {
  const auto exit_after_both = [] {
    const StopOnSignal stop;
    ::kill(::getpid(), SIGUSR1);  // as batch systems may send it
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    ::kill(::getpid(), SIGTERM);
    for (int wait = 0; wait < 1000 && !stop.token().stop_requested(); ++wait) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ::_exit(stop.token().stop_requested() ? kStopRequested : 0);
  };
  EXPECT_EXIT(exit_after_both(), testing::ExitedWithCode(kStopRequested), "");
}

TEST_F(StopOnSignalDeathTest, EndsAProcessThatDoesNotStopWithinItsGrace) {
  const auto hang = [] {
    const StopOnSignal stop(std::chrono::seconds(1));
    ::kill(::getpid(), SIGTERM);
    std::this_thread::sleep_for(std::chrono::seconds(60));
  };
  EXPECT_EXIT(hang(), testing::ExitedWithCode(130), "");
}

TEST_F(StopOnSignalDeathTest, AsksForNothingWithoutASignal) {
  EXPECT_EXIT(exit_after(0, SIGINT), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace tandem
