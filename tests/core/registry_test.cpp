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

TEST(Registry, RefusesWhatCouldNotStandInATextOfNames) {
  auto registry = sizes();
  for (const char* name :
       {"", "Large", "9-small", "-small", "very small", "small:2", "a,b", "a_b", "grö"}) {
    EXPECT_THAT([&] { registry.add(name, 9); },
                testing::ThrowsMessage<std::invalid_argument>(
                    HasSubstr(std::string("size '") + name + "': expected a name of")));
  }
  EXPECT_NO_THROW(registry.add("x-large-2", 4));
  EXPECT_THAT(registry.names(), ElementsAre("large", "small", "x-large-2"));
}

}  // namespace
}  // namespace tandem
