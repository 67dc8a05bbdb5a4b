#include "tandem/core/philox.h"

#include <gtest/gtest.h>

namespace tandem {
namespace {

// Known answers: file kat_vectors of Random123, the library of the paper's authors.
TEST(Philox, GivesThePublishedAnswerForZeros) {
  const PhiloxCounter expected{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}), expected);
}

TEST(Philox, GivesThePublishedAnswerForOnes) {
  constexpr std::uint32_t kOnes = 0xffffffff;
  const PhiloxCounter expected{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
  EXPECT_EQ(philox4x32_10({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}), expected);
}

TEST(Philox, GivesThePublishedAnswerForDigitsOfPi) {
  const PhiloxCounter counter{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
  const PhiloxCounter expected{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
  EXPECT_EQ(philox4x32_10(counter, {0xa4093822, 0x299f31d0}), expected);
}

TEST(Philox, IsKnownToTheCompiler) {
  static_assert(philox4x32_10({0, 0, 0, 0}, {0, 0})[0] == 0x6627e8d5);
}

}  // namespace
}  // namespace tandem
