#include "tandem/core/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Registry<int> sizes() {
  Registry<int> sizes("size");
  sizes.add("small", 1).add("large", 3);
  return sizes;
}

TEST(Registry, FindsWhatWasRegistered) {
  EXPECT_EQ(sizes().at("small"), 1);
  EXPECT_EQ(sizes().at("large"), 3);
}

TEST(Registry, ListsItsNamesInAlphabeticalOrder) {
  EXPECT_THAT(sizes().names(), ElementsAre("large", "small"));
}

TEST(Registry, NamesTheChoicesWhenAskedForAnUnknownOne) {
  const auto registry = sizes();
  EXPECT_THAT([&] { registry.at("medium"); }, testing::ThrowsMessage<std::invalid_argument>(
                                                  "unknown size 'medium'; known: large, small"));
}

TEST(Registry, RefusesADuplicateAndKeepsTheFirst) {
  auto registry = sizes();
  EXPECT_THAT([&] { registry.add("small", 9); },
              testing::ThrowsMessage<std::invalid_argument>(HasSubstr("'small'")));
  EXPECT_EQ(registry.at("small"), 1);
}

}  // namespace
}  // namespace tandem
