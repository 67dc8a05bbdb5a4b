#include "tandem/core/fingerprint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tandem {
namespace {

TEST(Fingerprint, OfNoBytesIsTheOneThatXxhashPublishes) {
  // XXH3_128bits of empty input with seed 0, from xxHash's sanity checks.
  EXPECT_EQ(Fingerprinter().digest().hex(), "99aa06d3014798d86001c324468d497f");
}

TEST(Fingerprint, OfATextStaysWhatItWas) {
  // Stored files carry these; a change would orphan them all.
  EXPECT_EQ(fingerprint_of("tandem").hex(), "82663d24af1b9b74296d3481367cc1d0");
}

TEST(Fingerprint, IsWrittenAsThirtyTwoDigitsWithLeadingZeros) {
  EXPECT_EQ((Fingerprint{0x1, 0xabcdef}.hex()), "00000000000000010000000000abcdef");
}

TEST(Fingerprint, ComesBackFromItsDigits) {
  for (const Fingerprint& fingerprint :
       {Fingerprint{}, Fingerprint{0x1, 0xabcdef}, Fingerprint{~std::uint64_t{0}, 7},
        fingerprint_of("tandem")}) {
    EXPECT_EQ(Fingerprint::from_hex(fingerprint.hex()), fingerprint);
  }
  EXPECT_EQ(Fingerprint::from_hex("00000000000000010000000000ABCDEF"),
            (Fingerprint{0x1, 0xabcdef}));
}

TEST(Fingerprint, IsNotReadFromAnythingElse) {
  const std::string good = fingerprint_of("tandem").hex();
  for (const std::string& wrong :
       {std::string(), std::string("12"), good + "0", good.substr(1), "g" + good.substr(1),
        good.substr(1) + " ", "0x" + good.substr(2), "-" + good.substr(1),
        good.substr(0, 15) + "g" + good.substr(16), good.substr(0, 16) + "-" + good.substr(17)}) {
    EXPECT_EQ(Fingerprint::from_hex(wrong), std::nullopt) << wrong;
  }
}

TEST(Fingerprint, DoesNotDependOnHowBytesArriveInPieces) {
  const std::vector<std::byte> bytes(1000, std::byte{42});
  Fingerprinter whole, pieces;
  whole.bytes(bytes);
  for (std::size_t begin = 0; begin < bytes.size(); begin += 100) {
    pieces.bytes(std::span(bytes).subspan(begin, 100));
  }
  EXPECT_EQ(whole.digest(), pieces.digest());
}

TEST(Fingerprint, TellsTextsThatJoinToTheSameApart) {
  EXPECT_NE(Fingerprinter().text("ab").text("c").digest(),
            Fingerprinter().text("a").text("bc").digest());
  EXPECT_NE(Fingerprinter().text("").text("a").digest(), Fingerprinter().text("a").digest());
}

TEST(Fingerprint, ChangesWithEveryBitOfItsContent) {
  std::vector<std::byte> bytes(64);
  const Fingerprint before = Fingerprinter().bytes(bytes).digest();
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_NE(Fingerprinter().bytes(bytes).digest(), before) << bit;
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

TEST(Fingerprint, CanBeReadWhileMoreIsAdded) {
  Fingerprinter fingerprinter;
  const Fingerprint first = fingerprinter.number(1).digest();
  EXPECT_EQ(fingerprinter.digest(), first);
  EXPECT_NE(fingerprinter.number(2).digest(), first);
}

}  // namespace
}  // namespace tandem
