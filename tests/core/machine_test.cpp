#include "tandem/core/machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "tandem/core/atomic_file.h"
#include "temporary_folder.h"

namespace tandem {
namespace {

constexpr std::int64_t kGibi = std::int64_t{1} << 30;

/// A machine of 64 GiB, as its files tell of it.
class Machine : public testing::Test {
 protected:
  Machine() { write("proc/meminfo", "MemTotal:       67108864 kB\nMemFree: 1 kB\n"); }

  void write(const std::string& file, const std::string& content) {
    write_file_atomically(root() / file, content);
  }
  const std::filesystem::path& root() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

TEST_F(Machine, IsUsedAsFarAsTheAffinityMaskReaches) {
  std::jthread([this] {  // of its own, since a mask is a thread's
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(usable_processors(root()), 1u);
    EXPECT_EQ(default_workers(root()), 1u);
  });
}

TEST_F(Machine, LendsNoMoreThanTheQuotaOfAGroupOrOneAroundIt) {
  write("proc/self/cgroup", "0::/batch/job\n");
  write("sys/fs/cgroup/batch/job/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/batch/cpu.max", "50000 100000\n");
  EXPECT_EQ(usable_processors(root()), 1u);
  write("proc/self/cgroup", "5:devices:/\n1:cpu,cpuacct:/job\n");
  write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "50000\n");
  write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(usable_processors(root()), 1u);
}

TEST_F(Machine, HasAllItsProcessorsWithoutAQuota) {
  const std::size_t all = usable_processors(root());
  write("proc/self/cgroup", "0::/\n1:cpu:/\n");
  write("sys/fs/cgroup/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(usable_processors(root()), all);
}

TEST_F(Machine, HasTheMemoryThatItsGroupsLeaveIt) {
  EXPECT_EQ(usable_memory(root()), 64 * kGibi);
  write("proc/self/cgroup", "4:memory:/not/seen/here\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(usable_memory(root()), 64 * kGibi);
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "3221225472\n");
  EXPECT_EQ(usable_memory(root()), 3 * kGibi);
  write("proc/self/cgroup", "0::/job\n");
  write("sys/fs/cgroup/job/memory.max", "536870912\n");
  EXPECT_EQ(usable_memory(root()), kGibi / 2);
  EXPECT_EQ(default_workers(root()), 1u);
}

TEST(CheckThreads, RefusesWhatNoMachineRuns) {
  EXPECT_NO_THROW(check_threads(64, "train.threads"));
  for (const std::int64_t threads : {0, -1, 100000}) {
    EXPECT_THAT([&] { check_threads(threads, "train.threads"); },
                testing::ThrowsMessage<std::invalid_argument>(
                    testing::HasSubstr("train.threads: expected 1 to 1024")));
  }
}

}  // namespace
}  // namespace tandem
