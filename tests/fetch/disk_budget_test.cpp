#include "disk_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace tandem {
namespace {

TEST(DiskBudget, KeepsAReserveOfOneGigabyteOrAFewPercent) {
  const TemporaryFolder folder;
  const auto space = std::filesystem::space(folder.path());
  const auto reserve =
      std::min<std::int64_t>(std::int64_t{1} << 30, static_cast<std::int64_t>(space.capacity) / 20);
  const std::int64_t expected =
      std::max<std::int64_t>(static_cast<std::int64_t>(space.available) - reserve, 0);
  constexpr double kWrittenByOthers = 1 << 28;
  DiskBudget budget(folder.path());
  EXPECT_NEAR(static_cast<double>(budget.room()), static_cast<double>(expected), kWrittenByOthers);
  EXPECT_FALSE(budget.take(static_cast<std::int64_t>(space.available)));
  EXPECT_THAT(budget.why_not(), testing::HasSubstr(folder.path().string() + " has "));
}

TEST(DiskBudget, GivesOutWhatThereIs) {
  const TemporaryFolder folder;
  DiskBudget budget(folder.path());
  if (budget.room() < std::int64_t{1} << 28) {
    GTEST_SKIP() << "the disk of " << folder.path() << " is nearly full";
  }
  EXPECT_TRUE(budget.take(1));
  EXPECT_TRUE(budget.take(std::int64_t{1} << 25));
  EXPECT_TRUE(budget.take(1 << 20));
}

}  // namespace
}  // namespace tandem
