#include "tandem/core/checksum.h"

#include <gtest/gtest.h>

namespace tandem {
namespace {

TEST(Crc32, OfTheDigitsIsTheCheckValueOfTheStandard) {
  EXPECT_EQ(Crc32().text("123456789").digest(), 0xcbf43926u);
  EXPECT_EQ(Crc32().text("123456789").hex(), "cbf43926");
}

TEST(Crc32, OfNothingIsEightZeros) {
  EXPECT_EQ(Crc32().hex(), "00000000");
  EXPECT_EQ(Crc32().text("").bytes({}).hex(), "00000000");
}

TEST(Crc32, DoesNotDependOnThePieces) {
  EXPECT_EQ(Crc32().text("1234").bytes({}).text("56789").hex(), "cbf43926");
}

TEST(Crc32, ChangesWithEveryBit) {
  const std::string text = "targets";
  const std::uint32_t whole = Crc32().text(text).digest();
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string flipped = text;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    EXPECT_NE(Crc32().text(flipped).digest(), whole) << bit;
  }
}

}  // namespace
}  // namespace tandem
