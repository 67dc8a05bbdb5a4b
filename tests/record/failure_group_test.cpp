#include "tandem/record/failure_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem {
namespace {

using testing::ElementsAre;

TEST(GroupFailures, JoinsJobsOfOneStageAndReasonInTheirOrder) {
  const auto groups = group_failures({{"train", "b, seed 0", "no room"},
                                      {"train", "a, seed 0", "too wide"},
                                      {"train", "b, seed 1", "no room"},
                                      {"test", "a, seed 1", "no room"}});
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].jobs_text(), "b, seed 0 and 1 more");
  EXPECT_THAT(groups[0].jobs, ElementsAre("b, seed 0", "b, seed 1"));
  EXPECT_EQ(groups[1].reason, "too wide");
  EXPECT_EQ(groups[2].stage, "test");
  EXPECT_EQ(groups[2].jobs_text(), "a, seed 1");
}

}  // namespace
}  // namespace tandem
