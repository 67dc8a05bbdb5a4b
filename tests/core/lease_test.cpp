#include "tandem/core/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "expect_refusal.h"
#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr LeaseTimes kShort{.renewal = 50ms, .ending = 100ms, .patience = 1000ms};

class LeaseFile : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "lease"; }

  /// As a holder on another machine leaves it.
  void write_foreign(const std::string& token, int renewal) const {
    std::ofstream(path()) << token << "\nanother machine\nsomebody\n" << renewal << "\n";
  }

 private:
  TemporaryFolder folder_;
};

/// A process that takes the lease, starts a child of its own, and waits to be killed.
pid_t holder_of(const std::filesystem::path& path, pid_t* grandchild) {
  int ready[2];
  EXPECT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lease = Lease::take(path, {}, kShort);
    const pid_t second = ::fork();
    if (second != 0) {
      [[maybe_unused]] const ssize_t told = ::write(ready[1], &second, sizeof second);
    }
    ::close(ready[0]);
    ::close(ready[1]);
    ::pause();
    ::_exit(0);
  }
  EXPECT_EQ(::read(ready[0], grandchild, sizeof *grandchild), ssize_t{sizeof *grandchild});
  ::close(ready[0]);
  ::close(ready[1]);
  return child;
}

TEST_F(LeaseFile, IsHeldByOneAtATimeAndGoneAfterwards) {
  auto first = Lease::take(path(), {}, kShort);
  ASSERT_TRUE(first);
  EXPECT_FALSE(Lease::take(path(), {}, kShort));
  EXPECT_THAT(holder_of_lease(path()), HasSubstr("process " + std::to_string(::getpid())));
  first.reset();
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_TRUE(Lease::take(path(), {}, kShort));
}

TEST_F(LeaseFile, OutlivesAKilledHolderAsLongAsAChildOfItsDoes) {
  pid_t grandchild = 0;
  const pid_t child = holder_of(path(), &grandchild);
  EXPECT_FALSE(Lease::take(path(), {}, kShort));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(Lease::take(path(), {}, kShort));
  ::kill(grandchild, SIGKILL);
  std::unique_ptr<Lease> mine;
  for (int tries = 0; tries < 100 && !mine; ++tries) {  // it is another's to wait for
    std::this_thread::sleep_for(10ms);
    mine = Lease::take(path(), {}, kShort);
  }
  EXPECT_TRUE(mine);
}

TEST_F(LeaseFile, OfAnotherMachineIsHeldWhileItIsRenewed) {
  write_foreign("abc", 0);
  std::jthread renewing([&](const std::stop_token& stop) {
    for (int k = 1; !stop.stop_requested(); ++k) {
      std::this_thread::sleep_for(100ms);
      write_foreign("abc", k);
    }
  });
  EXPECT_FALSE(Lease::take(path(), {}, kShort));
  renewing.request_stop();
  renewing.join();
  EXPECT_TRUE(Lease::take(path(), {}, kShort));
}

TEST_F(LeaseFile, ThatWasNeverWrittenIsSoonFree) {
  std::ofstream(path()) << "";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(Lease::take(path(), {}, {.renewal = 50ms, .ending = 100ms, .patience = 10s}));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(LeaseFile, ThatIsTakenOverTellsItsHolder) {
  std::atomic<bool> lost{false};
  auto first = Lease::take(
      path(), [&] { lost = true; }, kShort);
  write_foreign("another", 0);
  for (int tries = 0; tries < 100 && !lost; ++tries) {
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(lost);
  first.reset();
  EXPECT_EQ(holder_of_lease(path()), "somebody") << "the other's must stay";
}

TEST_F(LeaseFile, IsTakenByOneOfManyThatFindItLeft) {
  int taken = 0;
  for (int round = 0; round < 20; ++round) {
    write_foreign("gone" + std::to_string(round), 0);
    std::atomic<int> holders{0};
    std::vector<std::unique_ptr<Lease>> leases(4);
    {
      std::vector<std::jthread> takers;
      for (auto& lease : leases) {
        takers.emplace_back([&] {
          lease = Lease::take(path(), {}, {.renewal = 50ms, .ending = 100ms, .patience = 200ms});
          holders += lease ? 1 : 0;
        });
      }
    }
    EXPECT_LE(holders, 1);
    taken += holders;
  }
  EXPECT_GT(taken, 0);
}

TEST_F(LeaseFile, SaysWhereItCannotBe) {
  std::ofstream(path().parent_path() / "file") << "";
  expect_refusal([&] { Lease::take(path().parent_path() / "file" / "lease"); },
                 {"file/lease", "Not a directory"});
}

}  // namespace
}  // namespace tandem
